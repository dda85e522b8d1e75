"""Text without numbers, cut into division, road and name by the words that such names end in."""

from __future__ import annotations

import re

OF_A_PART = "小园厂校库宿A-Z0-9一二三四五六七八九十"
DIVISION = re.compile(
    rf"省|自治区|特区|市(?![场政民])|自治州|县|旗|街道(?:办事处)?|社区|居民委员会|居委会?|村委会|镇(?![一-龥]?[路街])|乡(?!村)|(?<![{OF_A_PART}])区"
)
ROAD = re.compile(r"大道|大街|胡同|小径|斜街|步道|栈道|[路街巷弄径道](?!道|口|边|旁)")
NEAR = re.compile(r".*(?:附近|旁边|对面|路口)")


def split_text(text: str, *, before_name: bool = False) -> tuple[str, str, str]:
    """Division, road and name: 辽宁沈阳沈河区会武街 is (辽宁沈阳沈河区, 会武街, ""). before_name: a known name follows."""
    division, local = _divided(text, before_name)
    near = NEAR.match(local)
    if near and near.end() < len(local):
        division, local = division + local[: near.end()], local[near.end() :]
    roads = list(ROAD.finditer(local))
    if not roads or roads[0].start() == 0:
        return division, "", local
    return division, local[: roads[-1].end()], local[roads[-1].end() :]


def _divided(text: str, before_name: bool) -> tuple[str, str]:
    """The last division is a name when only numbers follow it: 清徐县苹果社区 2号楼."""
    ends = [found.end() for found in DIVISION.finditer(text)]
    while ends and ends[-1] == len(text) and not before_name:
        ends.pop()
    return (text[: ends[-1]], text[ends[-1] :]) if ends else ("", text)
