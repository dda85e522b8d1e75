"""Names, identity numbers and telephones that nobody can have, and that anybody can tell from real ones.

A given name begins with 示, 例 or 样 (demonstration, example, sample). Identity numbers lie in the area 990000, which no
register has; their check digit fits, so that they pass every check of form. Mobile numbers begin with 1990000.
"""

from __future__ import annotations

from datetime import date
from random import Random

from twin.people.identity_numbers import check_digit

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
MADE_UP = "示例样"
FOR_MEN = "军伟强磊涛勇杰斌波辉刚健明亮峰浩鹏宇林海东平安国庆志文武"
FOR_WOMEN = "芳娟敏静丽艳玲萍燕红霞莉雪梅兰英华琴云洁婷欣怡佳慧月秀珍"
FOR_CHILDREN = "宝乐阳晨悦童果朵萌依诺恩沐辰熙航瑞昕"
AREA = "990101"
PHONE = "1990000"


class Inventor:
    """Gives every person a name and every number once."""

    def __init__(self, pick: Random) -> None:
        self._pick = pick
        self._born_on: dict[tuple[date, str], int] = {}
        self._phones = 0

    def surname(self) -> str:
        """Common ones more often, as among real people."""
        return SURNAMES[min(int(self._pick.expovariate(1 / 14)), len(SURNAMES) - 1)]

    def name(self, surname: str, sex: str, age: int) -> str:
        last = FOR_CHILDREN if age < 16 else FOR_MEN if sex == "male" else FOR_WOMEN
        return surname + self._pick.choice(MADE_UP) + self._pick.choice(last)

    def identity(self, born: date, sex: str) -> str:
        """Aligned with GB 11643: the 17th digit is odd for men."""
        serial = self._born_on.get((born, sex), 0)
        self._born_on[born, sex] = serial + 1
        order = 2 * serial + (1 if sex == "male" else 2)
        digits = f"{AREA}{born:%Y%m%d}{order:03d}"
        return digits + check_digit(digits)

    def phone(self) -> str:
        """Eleven digits. The last four are those of several people, as they are in life."""
        self._phones += 1
        return f"{PHONE}{self._phones * 7919 % 10000:04d}"
