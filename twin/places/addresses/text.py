"""The text of an address, made plain: half-width, one kind of dash, no blanks, remarks set aside."""

from __future__ import annotations

import re
import unicodedata

from twin.places.addresses.numerals import NUMERALS

LONGEST = 200
UNSEEN = re.compile(r"[\u0000-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
TRADITIONAL = str.maketrans("號樓棟單層門區戶東鎮鄉縣廣場園", "号楼栋单层门区户东镇乡县广场园")
DASHES = re.compile(r"[‐‑‒–—―−─━﹣﹘⁃~∼〜_]+")
NUMBER = r"[0-9A-Za-z]"
CHINESE_ONE_AS_DASH = re.compile(rf"(?<={NUMBER})[一ー](?={NUMBER})")
SEPARATOR = re.compile(rf"(?<={NUMBER})(?:\s*[./\\、,·•]\s*|\s+|\s*-\s*)(?=-?{NUMBER})")
TO = re.compile(r"(?<=[0-9])\s*[至到]\s*(?=[0-9])")
LETTER_O = re.compile(r"(?<=[0-9])[O〇○](?=[0-9])")
SPELT_O = re.compile(rf"(?<=[{NUMERALS}])[O○](?=[{NUMERALS}])")
SPACED_OUT = re.compile(r"\s*(?:\S\s+){3,}\S\s*")
"""Every letter apart, as in headings: 玉 兰 里 2 号 楼."""
BLANK = re.compile(r"\s+")
BRACKETED = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
BRACKETS = re.compile(r"[()\[\]{}【】〔〕「」『』〈〉《》\"'“”‘’]")
STOPS = re.compile(r"[,;:,。、·|•]+")
LABEL = re.compile(r"^(?:现|家庭|户籍|居住|常住|详细)*(?:住址|地址|居住地|住处|家住|住在)")
HARMLESS = re.compile(
    r".*附近|原.*|.*(?:出租|租住|租户|租客|租房|自住|自有|空置|空关|空挂|借住|寄住|户籍|房东|业主|承租|常住|暂住|现住).*|租|空"
)
"""What brackets may say without saying anything about the place."""
VAGUE = re.compile(r".*(?:附近|路口|旁|对面|隔壁|楼上|楼下|后面|前面|[东西南北]侧|[东西南北]面|背后|靠近).*")
"""What brackets may say about some other place than the one before them."""


def normalise(text: str) -> str:
    """Half-width, simplified, capitals, one kind of dash, without blanks, brackets and stops; at most 200 letters."""
    plain = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    plain = UNSEEN.sub("", plain.translate(TRADITIONAL)).upper()
    plain = DASHES.sub(lambda dash: "--" if "--" in dash[0] else "-", plain)
    plain = BLANK.sub("", plain) if SPACED_OUT.fullmatch(plain) else plain
    plain = SPELT_O.sub("〇", LETTER_O.sub("0", plain))
    plain = CHINESE_ONE_AS_DASH.sub("-", plain)
    plain = TO.sub("-", SEPARATOR.sub("-", plain))
    return STOPS.sub("", BRACKETS.sub("", BLANK.sub("", plain)))[:LONGEST]


def without_remarks(text: str) -> tuple[str, tuple[str, ...]]:
    """The address made plain, and what stood in brackets beside it, which `is_harmless` or not."""
    remarks: list[str] = []

    def judge(found: re.Match[str]) -> str:
        inner = BLANK.sub("", found[1])
        if HARMLESS.fullmatch(inner) or VAGUE.fullmatch(inner):
            remarks.append(inner)
            return ""
        return found[1]

    plain = unicodedata.normalize("NFKC", text[: 2 * LONGEST]).replace("【", "[").replace("】", "]")
    kept = BRACKETED.sub(judge, plain)
    return LABEL.sub("", normalise(kept)), tuple(remarks)


def is_harmless(remark: str) -> bool:
    """Whether a remark says nothing about the place: 3号楼(出租) is 3号楼, 3号楼(北侧平房) is not."""
    return HARMLESS.fullmatch(remark) is not None
