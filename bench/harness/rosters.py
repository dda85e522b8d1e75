"""A roster as offices have them, with planted faults: a title, a header of two rows with merged headings that comes again on
every page, empty rows, households of several rows of which only the first says number and address, full-width digits, dates
in six forms, remarks, a sum below. Every name and number is made up: area 999999 is not assigned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook

HEADINGS = ("序号", "户号", "基本信息", None, None, None, None, None, "居住情况", None, None, None)
TITLES = (None, None, "姓名", "与户主关系", "性别", "出生日期", "公民身份号码", "联系电话", "人户状态", "房屋性质",
          "入住时间", "现住址")  # fmt: skip
COLUMNS = ("serial", "household", "name", "relation", "sex", "birth", "identity", "phone", "residence", "tenure", "since",
           "address")  # fmt: skip
LETTERS = dict(zip(COLUMNS, "ABCDEFGHIJKL", strict=True))
PAGE = 40
"""Rows of people between two headers."""
FIRST_DAY = date(1940, 1, 1)
SPREADSHEET_DAY_0 = date(1899, 12, 30)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
GIVEN = "一二三四五六七八九甲乙丙丁戊己庚辛壬癸"
Cells = dict[str, Any]
Fault = tuple[str, str, Callable[[Cells, Cells], None]]
"""Code, column, and what does it to a row; the second row is the one above, of the same household."""


@dataclass(slots=True)
class Roster:
    """data: XLSX. planted: row as the sheet shows it, letter of the column, code."""

    data: bytes
    rows: int
    planted: list[tuple[int, str, str]] = field(default_factory=list)


def identity_of(n: int) -> tuple[str, date]:
    """The number and birth of the n-th person: even ones men's, odd ones women's."""
    born = FIRST_DAY + timedelta(days=n * 17 % 28_000)
    digits = f"999999{born:%Y%m%d}{n * 2 % 1000 // 2 * 2 % 998 + 1 - n % 2:03d}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11], born


def _set(column: str, value: Any) -> Callable[[Cells, Cells], None]:
    return lambda row, above: row.update({column: value(row, above) if callable(value) else value})


def _changed_digit(row: Cells, above: Cells) -> str:
    last = row["identity"][-1]
    return str(row["identity"][:-1]) + ("1" if last != "1" else "2")


def _taken_number(row: Cells, above: Cells) -> None:
    row.update({name: above[name] for name in ("identity", "birth", "sex")})


def _same_person(row: Cells, above: Cells) -> None:
    row.update({name: above[name] for name in ("name", "identity", "birth", "sex")})


def _namesake(row: Cells, above: Cells) -> None:
    row.update(name=above["name"], identity=None, birth=None)


def _second_head(row: Cells, above: Cells) -> None:
    row.update(household=above["household"], relation="户主")


def _without_number(column: str, value: Any) -> Callable[[Cells, Cells], None]:
    return lambda row, above: row.update({"identity": None, column: value})


FAULTS: tuple[Fault, ...] = (
    ("name_missing", "name", _set("name", None)),
    ("name_has_digits", "name", _set("name", lambda row, _: f"{row['name']}2")),
    ("name_too_long", "name", _set("name", "示" * 61)),
    ("row_is_of_the_dead", "name", _set("name", lambda row, _: f"{row['name']}（已故）")),
    ("identity_form", "identity", _set("identity", lambda row, _: row["identity"][:-2])),
    ("identity_old", "identity", _set("identity", "999999600501111")),
    ("identity_rounded", "identity", _set("identity", lambda row, _: float(row["identity"][:15] + "000"))),
    ("identity_birth", "identity", _set("identity", lambda row, _: f"{row['identity'][:10]}1350{row['identity'][14:]}")),
    ("identity_check", "identity", _set("identity", _changed_digit)),
    ("identity_and_birth_differ", "birth", _set("birth", "1931-12-31")),
    ("identity_and_sex_differ", "sex", _set("sex", lambda row, _: "女" if row["sex"] == "男" else "男")),
    ("identity_repeats_row", "identity", _taken_number),
    ("person_repeats_row", "identity", _same_person),
    ("person_may_repeat_row", "name", _namesake),
    ("birth_is_no_day", "birth", _without_number("birth", "1990年2月30日")),
    ("birth_in_future", "birth", _without_number("birth", "2099-01-01")),
    ("birth_not_understood", "birth", _without_number("birth", "90.3.4")),
    ("birth_only_month", "birth", _without_number("birth", "1990年3月")),
    ("sex_not_understood", "sex", _set("sex", "不详的")),
    ("phone_not_understood", "phone", _set("phone", "同户主")),
    ("phone_not_understood", "phone", _set("phone", "1380013800")),
    ("phone_rounded", "phone", _set("phone", "1.99E+10")),
    ("cell_is_an_error", "residence", _set("residence", "#N/A")),
    ("cell_is_an_error", "address", _set("address", "#REF!")),
    ("relation_not_understood", "relation", _set("relation", "干亲家")),
    ("second_head", "relation", _second_head),
    ("residence_not_understood", "residence", _set("residence", "人户分离")),
    ("tenure_not_understood", "tenure", _set("tenure", "祖传")),
    ("since_not_understood", "since", _set("since", "前年")),
    ("since_in_future", "since", _set("since", "2099-01-01")),
    ("address_doubtful", "address", _set("address", "老供销社对面平房")),
    ("address_doubtful", "address", _set("address", "不存在小区99栋9单元909")),
)  # fmt: skip


def messy_roster(addresses: Sequence[str], *, rows: int, faults: int) -> Roster:
    """People of these addresses, about three to a household, and as many faults, each in a household of its own."""
    book = Workbook(write_only=True)
    page = book.create_sheet("居民花名册")
    number, people, planted = 4, 0, list[tuple[int, str, str]]()
    for line in (("居民花名册（示例，均为虚构）",), (None, None, "填报单位：居委会"), HEADINGS, TITLES):
        page.append(list(line))
    left = _spread(faults, rows // 3)
    for household, address in enumerate(_again(addresses)):
        if people >= rows:
            break
        family = list(_family(household, address, people, min(3, rows - people)))
        fault = next(left, None) if len(family) > 1 else None
        if fault is not None:
            code, column, spoil = FAULTS[fault % len(FAULTS)]
            family[-1]["address"] = address
            spoil(family[-1], family[0])
            planted.append((number + len(family), LETTERS[column], code))
        for row in family:
            page.append([row.get(name) for name in COLUMNS])
            number, people = number + 1, people + 1
        if household % 4 == 3:
            page.append([])
            number += 1
        if household % (PAGE // 3) == PAGE // 3 - 1:
            for line in (HEADINGS, TITLES):
                page.append(list(line))
            number += 2
    page.append(["合计", people, "人"])
    page.append(["制表人：", "示某"])
    out = BytesIO()
    book.save(out)
    return Roster(out.getvalue(), people, planted)


def _again(addresses: Sequence[str]) -> Iterator[str]:
    """From the first to the last, then again: a second household in the same flat."""
    while True:
        yield from addresses


def _spread(faults: int, households: int) -> Iterator[int | None]:
    """For each household the number of its fault, or none: evenly from first to last."""
    done = 0
    for household in range(households):
        wanted = (household + 1) * faults // households
        yield done if wanted > done else None
        done = max(done, wanted)


def _family(household: int, address: str, first: int, size: int) -> Iterator[Cells]:
    """Head, spouse, child; number and address only with the head, in forms that people write."""
    for at in range(size):
        n = first + at
        identity, born = identity_of(n)
        row: Cells = {
            "serial": n + 1, "name": _name(n), "relation": ("户主", "配偶", "长子" if n % 2 == 0 else "女儿")[at],
            "sex": ("男", "女")[n % 2], "birth": _written(born, n), "identity": _number(identity, n),
            "phone": 19900000000 + n if n % 3 else f"199{n:08d}"[:3] + f" {n:08d}"[:9],
            "residence": "人户一致" if household % 3 else "人在户不在", "tenure": "自有" if household % 3 else "租住",
            "since": "2012-03-04" if household % 2 else None,
        }  # fmt: skip
        if at == 0:
            row |= {"household": f"H{household + 1:05d}", "address": _as_written(address, household)}
        yield row


def _name(n: int) -> str:
    letters = len(GIVEN)
    name = f"示{GIVEN[n // letters**2 % letters]}{GIVEN[n // letters % letters]}{GIVEN[n % letters]}"
    return f" {name[0]} {name[1:]}　" if n % 11 == 0 else name


def _written(day: date, n: int) -> Any:
    forms = (
        day, day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}",
        (day - SPREADSHEET_DAY_0).days,
    )  # fmt: skip
    return forms[n % len(forms)]


def _number(identity: str, n: int) -> str:
    return (
        identity.translate(FULL_WIDTH) if n % 13 == 5 else f"'{identity.lower()}" if n % 13 == 6 else identity
    )


def _as_written(address: str, household: int) -> str:
    if household % 5 == 1:
        return address.translate(FULL_WIDTH)
    return f"{address}（出租）" if household % 5 == 2 else f" {address} " if household % 5 == 3 else address
