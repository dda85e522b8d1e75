"""How a name is read: 张伟 is zhangwei, and zw in short. Pure functions; what they give is kept beside a name to find it.

Of a character with several readings each is kept: 长 in a given name may be chang or zhang, and nobody notes which. A surname
is read in one way only: 单 is shan, 曾 zeng, 尉迟 yuchi.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Final

from pypinyin import Style, pinyin

from twin.people.masking import COMPOUND_SURNAMES

MOST_READINGS: Final = 8
"""Of one name; the usual ones come first."""
MOST_OF_A_CHARACTER: Final = 3
LONGEST: Final = 60

_READ_OTHERWISE = """
单 shan 曾 zeng 解 xie 仇 qiu 查 zha 区 ou 朴 piao 盖 ge 缪 miao 任 ren 华 hua 乐 yue 员 yun 秘 bi 黑 he 折 she 翟 zhai
燕 yan 召 shao 宓 mi 种 chong 覃 qin 盛 sheng 葛 ge 冼 xian 洗 xian 谌 chen 繁 po 纪 ji 牟 mou 祭 zhai 隗 wei 逄 pang
过 guo 万 wan 沈 shen 石 shi 车 che 都 du 郗 chi 应 ying 行 xing 长 zhang 重 chong 叶 ye 余 yu 贾 jia 柏 bai 薄 bo 宿 su
相 xiang 阚 kan 粘 nian 莘 shen 那 na 尉 wei 哈 ha 适 kuo 么 yao 尉迟 yu-chi 万俟 mo-qi 长孙 zhang-sun 单于 chan-yu
澹台 tan-tai 令狐 ling-hu 宰父 zai-fu 乐正 yue-zheng 赫连 he-lian 拓跋 tuo-ba 夏侯 xia-hou 皇甫 huang-fu 子车 zi-ju
"""
SURNAMES: Final = {
    surname: tuple(read.split("-"))
    for surname, read in zip(_READ_OTHERWISE.split()[::2], _READ_OTHERWISE.split()[1::2], strict=True)
}

_CHARACTER = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_PARTS = re.compile(rf"{_CHARACTER}|[a-z0-9]+")
_CHARACTERS = re.compile(_CHARACTER)
_TONES = re.compile("[\u0300\u0301\u0304\u030c]")
_U = re.compile(r"(?<=[ln])(?:yu|[vü])")
"""吕 is lü, lv, and lyu on passports; people type lu as well."""


def words_of(name: str) -> str:
    """All whose beginnings find a name, with a space around each: whole, in short, and the same of the given name.

    `" wangxiaoming wxm xiaoming xm "`. Empty for a name that cannot be read.
    """
    parts = _parts(name)
    surname = _surname_length(parts)
    found: dict[str, None] = {}
    for syllables in (*_combined(_readings(parts, surname)), *_combined(_readings(parts[surname:]))):
        for word in ("".join(syllables), "".join(syllable[0] for syllable in syllables)):
            if len(word) > 1:
                found[word] = None
    return f" {' '.join(found)} " if found else ""


@lru_cache(maxsize=4096)
def words_of_title(title: str) -> str:
    """The same of what is no name, such as a tag: nothing of it is a surname. Without spaces at the ends."""
    parts = _parts(title)
    found: dict[str, None] = {}
    for syllables in _combined(_readings(parts)):
        found["".join(syllables)] = None
        found["".join(syllable[0] for syllable in syllables)] = None
    return " ".join(found)


def asked_words(text: str) -> list[str]:
    """One of these is a word of every name that begins like `text`, and of every given name. Empty for a single sign."""
    parts = _parts(text)
    if "".join(parts).isdecimal() or sum(map(len, parts)) < 2:
        return []
    both = (_readings(parts, _surname_length([*parts, ""])), _readings(parts))
    return list(dict.fromkeys("".join(syllables[0] for syllables in readings) for readings in both))


def spelling(text: str) -> str:
    """A regular expression for names that hold these characters one after the other; empty for letters alone, which may be
    the reading of any."""
    signs = re.findall(r"[^\W_]", text[:LONGEST])
    return r"[\s·•.]*".join(signs) if _CHARACTERS.search(text) else ""


def _parts(name: str) -> list[str]:
    """Each character by itself; letters and figures in runs."""
    bare = _TONES.sub("", unicodedata.normalize("NFKD", name[:LONGEST]).casefold())
    return _PARTS.findall(_U.sub("u", unicodedata.normalize("NFKC", bare)))


def _surname_length(parts: Sequence[str]) -> int:
    pair = "".join(parts[:2])
    return 2 if len(parts) > 2 and pair in COMPOUND_SURNAMES else min(1, len(parts))


def _readings(parts: Sequence[str], surname: int = 0) -> list[tuple[str, ...]]:
    """The readings of each part, the usual one first; of a surname of so many parts the one that it has."""
    readings = [_readings_of(part) for part in parts]
    usual = tuple(syllables[0] for syllables in readings[:surname])
    read = SURNAMES.get("".join(parts[:surname]), usual)
    return [(syllable,) for syllable in read] + readings[surname:]


def _combined(readings: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Whole names, the most usual first."""
    if len(readings) > LONGEST // 10:  # so many combinations that nobody would try them
        readings = [syllables[:1] for syllables in readings]
    choices = sorted(product(*(range(len(syllables)) for syllables in readings)), key=sum)
    for choice in islice(choices, MOST_READINGS):
        yield tuple(syllables[n] for syllables, n in zip(readings, choice, strict=True))


@lru_cache(maxsize=20_000)
def _readings_of(part: str) -> tuple[str, ...]:
    """Without tones. Letters and what has no reading stand for themselves."""
    if not _CHARACTERS.match(part):
        return (part,)
    read = pinyin(part, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(_U.sub("u", one) for one in read))[:MOST_OF_A_CHARACTER]
