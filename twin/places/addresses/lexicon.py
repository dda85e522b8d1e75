"""Names that a community uses, so that they are recognised as a whole wherever they stand in an address."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from twin.places.addresses.numerals import DIGITS
from twin.places.addresses.text import normalise


class NameKind(StrEnum):
    """ALIAS: what a clerk has decided that a place is called."""

    DIVISION = "division"
    ROAD = "road"
    COMPOUND = "compound"
    BUILDING = "building"
    GRID = "grid"
    ALIAS = "alias"


TO_ARABIC = str.maketrans({numeral: str(value) for numeral, value in DIGITS.items() if numeral not in "两○"})
TO_CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")


class Lexicon:
    """word -> kinds; the longest word at a place in a text wins."""

    def __init__(self, words: Iterable[tuple[str, NameKind]] = ()) -> None:
        self._kinds: dict[str, tuple[str, set[NameKind]]] = {}
        for word, kind in words:
            self.add(word, kind)
        self._lengths: list[int] = []
        self._divisions: list[str] = []

    def add(self, word: str, kind: NameKind) -> None:
        """A word of fewer than two letters is none. 玉兰三村 is also known as 玉兰3村, and the other way round."""
        plain = normalise(word)
        if len(plain) < 2:
            return
        for variant in {plain, plain.translate(TO_ARABIC), plain.translate(TO_CHINESE)}:
            self._kinds.setdefault(variant, (plain, set()))[1].add(kind)
        self._lengths, self._divisions = [], []

    def longest_at(self, text: str, start: int) -> tuple[str, str, frozenset[NameKind]] | None:
        """The longest word that begins at `start`: as written, as known, and what it is. A word that ends in a digit does
        not end in the middle of a number."""
        if not self._lengths:
            self._lengths = sorted({len(word) for word in self._kinds}, reverse=True)
        for length in self._lengths:
            word = text[start : start + length]
            if word not in self._kinds or len(word) < length:
                continue
            if word[-1].isdigit() and text[start + length : start + length + 1].isdigit():
                continue
            known, kinds = self._kinds[word]
            return word, known, frozenset(kinds)
        return None

    def kinds_of(self, word: str) -> frozenset[NameKind]:
        _, kinds = self._kinds.get(word, ("", set()))
        return frozenset(kinds)

    def divisions(self) -> list[str]:
        """The words for where the community lies, the longest first."""
        if not self._divisions:
            found = {known for known, kinds in self._kinds.values() if NameKind.DIVISION in kinds}
            self._divisions = sorted(found, key=len, reverse=True)
        return self._divisions


NO_NAMES = Lexicon()
