"""What of a person leaves the server: enough to tell who is meant, not enough to find them.

Pure functions. The whole of a field is told by `reveal` only, one at a time, with a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Final

HIDDEN: Final = "**"
_IN_PAIRS: Final = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠"
    "公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁"
    "拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生公户公玉公仪梁丘公仲公上公门公山公坚左丘公伯"
    "西门公祖第五公乘贯丘公皙南荣东里东宫仲长子书子桑即墨达奚褚师"
)
COMPOUND_SURNAMES: Final = frozenset(_IN_PAIRS[n : n + 2] for n in range(0, len(_IN_PAIRS), 2))


def masked_name(name: str) -> str:
    """The surname: 王小明 is 王**, 欧阳娜娜 is 欧阳**, John Smith is J**. How long the name is, is not told."""
    if not name:
        return ""
    surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[0]
    return surname + HIDDEN


def masked_phone(phone: str) -> str:
    """138****1234; of short numbers the last two digits."""
    if not phone:
        return ""
    digits = phone.lstrip("+")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"


def masked_identity(number: str) -> str:
    """The first and the last character. Area, birth and serial together would be the number itself."""
    return f"{number[0]}{'*' * 16}{number[-1]}" if len(number) > 4 else "****" if number else ""


def age_on(day: date, born: date | None) -> int | None:
    """Full years; None where the birth is unknown."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def born_by(day: date, years: int) -> date:
    """The last birthday of those who are that old on this day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)
