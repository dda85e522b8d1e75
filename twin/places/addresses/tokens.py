"""An address cut into what it is made of: names, numbers with the word that follows them, and other text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from twin.places.addresses.lexicon import NO_NAMES, Lexicon, NameKind
from twin.places.addresses.numerals import NUMERALS, STEMS, number_of


class Word(StrEnum):
    """What stands behind a number, by its meaning."""

    LANE = "弄"
    YARD = "号院"
    HOUSE = "号"
    BUILDING = "栋"
    STOREYS = "楼"
    UNIT = "单元"
    FLOOR = "层"
    ROOM = "室"
    PART = "附"
    DASH = "-"
    NOTHING = ""


WORDS: dict[str, Word] = {
    **dict.fromkeys(["支弄", "弄", "支巷"], Word.LANE),
    **dict.fromkeys(["号大院", "号院", "大院", "院"], Word.YARD),
    **dict.fromkeys(
        ["号居民楼", "号住宅楼", "号宿舍楼", "号楼", "号栋", "号幢", "号座", "#楼", "#栋", "#幢", "#", "栋", "幢", "座",
         "楼栋"], Word.BUILDING,
    ),
    **dict.fromkeys(["号单元", "单元", "号门洞", "门洞", "楼门", "号门", "门", "组", "号梯", "梯", "楼道"], Word.UNIT),
    **dict.fromkeys(["层楼", "层", "F"], Word.FLOOR),
    **dict.fromkeys(["号房间", "号房", "号室", "房间", "室", "房", "户", "套"], Word.ROOM),
    "号": Word.HOUSE,
    "楼": Word.STOREYS,
}  # fmt: skip
NOT_A_WORD = r"(?![路街道桥巷线]|大道|大街|胡同)"
"""四号路, 三门路: the number belongs to the name of a road."""
FOLLOWING = "|".join(map(re.escape, sorted(WORDS, key=len, reverse=True)))
DIGITS = (
    rf"[{STEMS}]?[A-Z]{{0,2}}\d+(?:F(?![-\dA-Z]|$)|[A-EG-Z](?![A-Z])|[{STEMS}](?=号|栋|幢|座|单元|室|楼|$))?"
)
NUMBER = re.compile(rf"(?:NO\.?|#|第)?(?P<value>{DIGITS})")
WORD = re.compile(rf"(?P<word>{FOLLOWING}){NOT_A_WORD}")
SPELT = re.compile(
    rf"第?(?P<value>[{NUMERALS}]+|[A-Z](?=-?\d)|[A-Z]|[{STEMS}]|[东西南北中左右])(?:(?P<word>{FOLLOWING}){NOT_A_WORD}|(?P<dash>-)|(?P<end>$))"
)
BASEMENT = re.compile(
    rf"(?:负|地下室?|-(?=\d+[层楼]|\d{{3}}))(?P<value>\d+|[{NUMERALS}]+)(?P<word>层楼|层|楼|室|房)?"
)
BASEMENT_FLOOR = re.compile(r"B(?P<value>\d)(?:层|$)|地下室")
WORD_AND_DASH = re.compile(rf"[^-0-9A-Z{NUMERALS}]-\Z")
PART = re.compile(rf"附(?P<value>\d+|[{NUMERALS}]+)号?")
STEM = re.compile(rf"(?P<stem>[{STEMS}])(?![栋幢座室号楼]|单元)")
DIRECTIONS = "东西南北中左右"
OF_A_SIDE = ("单元", "户", "室", "座", "栋", "幢")
"""东门 is a gate, 东单元 a stairwell."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number and its word. below: counted below ground. dashed: a word and a dash stood before it, as in 1号楼-101."""

    value: str
    word: Word
    written: str
    below: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A name that the lexicon knows."""

    text: str
    kinds: frozenset[NameKind]


@dataclass(frozen=True, slots=True)
class Other:
    """Text between the others."""

    text: str


Token = Numbered | Named | Other


def tokenise(text: str, lexicon: Lexicon = NO_NAMES) -> list[Token]:
    """The tokens of a text that has been made plain, in its order."""
    return list(_joined(_scan(text, lexicon)))


def _joined(tokens: Iterator[Token]) -> Iterator[Token]:
    """Letters that stand side by side as one text."""
    text = ""
    for token in tokens:
        if isinstance(token, Other):
            text += token.text
            continue
        if text:
            yield Other(text)
            text = ""
        yield token
    if text:
        yield Other(text)


def _scan(text: str, lexicon: Lexicon) -> Iterator[Token]:
    at = 0
    while at < len(text):
        name = lexicon.longest_at(text, at)
        if name is not None:
            yield Named(name[1], name[2])
            at += len(name[0])
            continue
        token, length = _number_at(text, at)
        if token is not None:
            yield replace(token, dashed=True) if WORD_AND_DASH.search(text, 0, at) else token
        elif not (text[at] == "-" and at > 0):
            yield Other(text[at])
        at += length


def _number_at(text: str, at: int) -> tuple[Numbered | None, int]:
    """The number that begins at this place with its word, and how many letters it takes; (None, 1) for none."""
    for read in (_below, _part, _digits, _spelt):
        found = read(text, at)
        if found is not None:
            return found
    return None, 1


def _below(text: str, at: int) -> tuple[Numbered, int] | None:
    """负一层, 地下101室, B1, -101 behind a word or two dashes."""
    if text[at] == "-" and at > 0 and text[at - 1].isdigit():
        return None
    found = BASEMENT.match(text, at)
    if found is not None:
        value = number_of(found["value"]) or found["value"]
        is_floor = found["word"] in ("层", "层楼", "楼") or (found["word"] is None and len(value) < 2)
        word = Word.FLOOR if is_floor else Word.ROOM
        return Numbered(value, word, found[0], below=True), len(found[0])
    if at and text[at - 1].isascii() and text[at - 1].isalnum():
        return None
    found = BASEMENT_FLOOR.match(text, at)
    if found is None:
        return None
    return Numbered(found["value"] or "1", Word.FLOOR, found[0], below=True), len(found[0])


def _part(text: str, at: int) -> tuple[Numbered, int] | None:
    found = PART.match(text, at)
    if found is None:
        return None
    return Numbered(number_of(found["value"]) or found["value"], Word.PART, found[0]), len(found[0])


def _digits(text: str, at: int) -> tuple[Numbered, int] | None:
    found = NUMBER.match(text, at)
    if found is None or (found[0][0] in STEMS and not found[0][1:2].isdigit()):
        return None
    value, end = found["value"], found.end()
    word, end = _word_at(text, end)
    if word in (Word.HOUSE, Word.BUILDING) and (stem := STEM.match(text, end)) and value[-1].isdigit():
        value, end = value + stem["stem"], end + 1  # 12号甲 is 12甲号
    return Numbered(canonical(value), word, text[at:end]), end - at


def _word_at(text: str, at: int) -> tuple[Word, int]:
    if text[at : at + 1] == "-":
        return Word.DASH, at + 1
    found = WORD.match(text, at)
    if found is None:
        return Word.NOTHING, at
    word, end = WORDS[found["word"]], found.end()
    return word, end + (text[end : end + 1] == "-")


def _spelt(text: str, at: int) -> tuple[Numbered, int] | None:
    """十二号楼, A座, B-, 甲单元, 东单元."""
    found = SPELT.match(text, at)
    if found is None or (text[at].isascii() and at and text[at - 1].isascii() and text[at - 1].isalnum()):
        return None
    value, end = found["value"], found.end()
    word = Word.DASH if found["dash"] else WORDS[found["word"]] if found["word"] else Word.NOTHING
    is_number = number_of(value) is not None
    if value[0] in NUMERALS and not is_number:
        return None
    if value in DIRECTIONS and found["word"] not in OF_A_SIDE:
        return None
    if not found["word"] and not is_number and not (found["dash"] and value.isascii()):
        return None
    end += word != Word.DASH and text[end : end + 1] == "-"
    return Numbered(number_of(value) or value, word, text[at:end]), end - at


def canonical(value: str) -> str:
    """Without leading zeros, and the stem behind: 甲12 is 12甲, 08 is 8. K08 is K8."""
    if value[0] in STEMS and len(value) > 1:
        value = value[1:] + value[0]
    return re.sub(r"(?<!\d)0+(?=\d)", "", value)
