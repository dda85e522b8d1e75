"""Which encoding a shapefile's texts are in, told by trying: a .cpg is often missing, and sometimes wrong.

Texts come here as ISO 8859-1, which keeps every byte.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence

from twin.places.importing.notes import FileRefused

UTF8, GBK = "utf-8", "gb18030"
MOST_TEXTS = 200_000
SAME = {"gbk": GBK, "gb2312": GBK, "cp936": GBK, "936": GBK, "euc_cn": GBK, "65001": UTF8, "utf8": UTF8}


def known_encoding(name: str) -> str | None:
    """The codec of a name such as "GBK", "936" or "UTF-8", or None."""
    plain = name.strip().lower().replace(" ", "").removeprefix("ansi").removeprefix("oem").lstrip("-_")
    plain = SAME.get(plain.replace("-", "").replace("_", ""), plain)
    for candidate in (plain, f"cp{plain}"):
        try:
            return codecs.lookup(candidate).name
        except LookupError:
            continue
    return None


def encoding_of(names: Sequence[str], texts: Iterable[str], *, named: str | None) -> tuple[str, bool]:
    """The encoding, and whether `named` (a .cpg) was right or absent.

    UTF-8 before GBK: text in UTF-8 with more than a word or two is hardly ever valid GBK and sensible, but text in GBK is
    never valid UTF-8. Raises FileRefused when it is neither.
    """
    raw = {text.encode("latin-1") for text in _some(names, texts)}
    beyond_ascii = [text for text in raw if not text.isascii()]
    wanted = known_encoding(named) if named else None
    if not beyond_ascii:
        return wanted or UTF8, True
    if wanted is not None and wanted != "iso8859-1" and all(_valid(text, wanted) for text in beyond_ascii):
        return wanted, True
    for candidate in (UTF8, GBK):
        if all(_valid(text, candidate) for text in beyond_ascii):
            return candidate, named is None
    if wanted is not None:
        return wanted, True
    raise FileRefused("encoding_cannot_be_told")


def decoded(text: str, encoding: str) -> str:
    """What the bytes of a text mean; a letter cut off at the end of its column is dropped."""
    raw = text.encode("latin-1")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        tail = raw[: error.start] if len(raw) - error.start <= 3 else raw
        return tail.decode(encoding, errors="replace")


def _valid(raw: bytes, encoding: str) -> bool:
    """Columns have a width in bytes, so the last letter may be cut off."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(raw, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _some(names: Sequence[str], texts: Iterable[str]) -> Iterable[str]:
    yield from names
    for count, text in enumerate(texts):
        if count == MOST_TEXTS:
            return
        yield text
