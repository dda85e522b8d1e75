"""What becomes of each row of tags. The level of a tag never falls unless somebody has said so of that very tag."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gis.sentence import Sentence
from twin.base.errors import Invalid
from twin.people.catalogue import columns as words
from twin.people.catalogue.classes import Ambiguous, Node, Tree
from twin.people.catalogue.reading import class_column
from twin.people.catalogue.rows import CatalogueRow, Verdict
from twin.people.models import Tag
from twin.people.refusals import refuse_by_name

COMPARED = (
    "name",
    "name_en",
    "level",
    "colour",
    "pattern",
    "symbol",
    "purpose",
    "basis",
    "lasts_days",
    "position",
)
EMPTY = {"name": "", "name_en": "", "purpose": "", "basis": "", "lasts_days": None}
PALETTE = ("#4f8fd0", "#f28f3b", "#4fc1a6", "#d9534f", "#9d8df1", "#e5c07b", "#56b6c2", "#ec87c0", "#7fb77e", "#c39bd3",
           "#d98880", "#8bc6ec")  # fmt: skip
"""For new tags that say no colour; one after the other, and with the next pattern when all are used."""
OPAQUE_CODE = re.compile(r"[A-Z][0-9]{1,4}")
QUIET = "#9aa3ad"


class Comparing:
    """Rows against what there is. lowered: codes of tags whose level may fall, and why."""

    def __init__(self, tree: Tree, there: Mapping[str, Tag], lowered: Mapping[str, str]) -> None:
        self.tree = tree
        self.there = there
        self.lowered = lowered
        self.fell: set[str] = set()
        self._seen: dict[str, str] = {}
        self._new = 0

    def compare(self, row: CatalogueRow) -> Node | None:
        """Fill in what becomes of a row. Returns the class in which the tag will be."""
        if row.code in self._seen and row.code:
            row.note("tag_code_repeats_row", "code", row=self._seen[row.code])
        self._seen.setdefault(row.code, row.where)
        there = self.there.get(row.code)
        row.about_id = there.pk if there else None
        level = row.said.get("level", there.level if there else None)
        if level is None:
            if not any(one.code == "tag_level_not_understood" for one in row.notes):
                row.note("tag_level_missing", "level")
            return None
        self._check_level(row, there, level)
        self._check_subject(row, there)
        values = self._values(row, there, level)
        _check_words(row, values)
        node = self._class_of(row, there)
        if row.is_refused:
            return None
        was = _was(there)
        row.changes = {name: (was.get(name), value) for name, value in values.items()
                       if there is None or was[name] != value}  # fmt: skip
        if node is not None and (there is None or there.tag_class.code != node.code):
            row.changes["tag_class"] = (self._way_of(there), node.way)
        if there is not None:
            row.verdict = Verdict.CHANGE if row.changes else Verdict.UNCHANGED
        return node

    def _check_level(self, row: CatalogueRow, there: Tag | None, level: int) -> None:
        if there is None or level >= there.level:
            return
        levels = {"then": there.level, "now": level}
        if row.code not in self.lowered:
            row.note("tag_level_would_fall", "level", tag=row.code, **levels)
            return
        self.fell.add(row.code)
        row.note("tag_level_falls", "level", why=self.lowered[row.code], **levels)

    @staticmethod
    def _check_subject(row: CatalogueRow, there: Tag | None) -> None:
        said = row.said.get("applies_to")
        if there is not None and said not in (None, there.applies_to):
            kind = Sentence(str(Tag.Applies(there.applies_to).name).lower())
            row.note("tag_applies_stays", "applies_to", tag=row.code, then=kind)

    def _values(self, row: CatalogueRow, there: Tag | None, level: int) -> dict[str, Any]:
        """What the tag will say."""
        if there is not None:
            before = _was(there)
        else:
            before = {**EMPTY, **self._look(row, level), "position": row.number}
            before["applies_to"] = row.said.get("applies_to", Tag.Applies.PERSON.value)
        values = {**before, **{name: row.said[name] for name in COMPARED if name in row.said}, "level": level}
        if level == Tag.Level.L5:
            for name in words.WORDLESS:
                if row.said.get(name):
                    row.note("tag_l5_says_nothing", name)
            values |= dict.fromkeys(words.WORDLESS, "")
        return values

    def _look(self, row: CatalogueRow, level: int) -> dict[str, str]:
        """Of a new tag that does not say how it looks."""
        if level == Tag.Level.L5:
            return {"colour": QUIET, "pattern": Tag.Pattern.PLAIN.value, "symbol": ""}
        turn, place = divmod(self._new, len(PALETTE))
        self._new += 1
        pattern = Tag.Pattern.values[turn % len(Tag.Pattern.values)]
        return {"colour": PALETTE[place], "pattern": pattern, "symbol": row.said.get("name", "")[:1]}

    def _class_of(self, row: CatalogueRow, there: Tag | None) -> Node | None:
        if not row.way:
            if there is None:
                row.note("tag_class_missing", class_column(row))
                return None
            return self.tree.nodes.get(there.tag_class.code)
        text = "/".join(row.way)
        if row.is_refused:  # it does not come in, and so makes no class either
            return None
        try:
            node, new = self.tree.at(row.way)
        except Ambiguous:
            row.note("tag_class_is_ambiguous", class_column(row), text=text)
            return None
        if node.is_refused:
            row.note("tag_class_parent_unknown", class_column(row), text=text)
            return None
        for one in new:
            row.note("tag_class_comes_new", text=one.way)
        return node

    def _way_of(self, there: Tag | None) -> str | None:
        if there is None:
            return None
        node = self.tree.nodes.get(there.tag_class.code)
        return node.way if node else there.tag_class.name


def _was(there: Tag | None) -> dict[str, Any]:
    return {} if there is None else {name: getattr(there, name) for name in COMPARED}


def _check_words(row: CatalogueRow, values: Mapping[str, Any]) -> None:
    """What the catalogue would refuse, on its cell."""
    if values["level"] == Tag.Level.L5:
        if row.code and not OPAQUE_CODE.fullmatch(row.code):
            row.note("tag_l5_code_form", "code")
        return
    if not values["name"]:
        if not any(one.details.get("field") == "name" for one in row.notes):
            row.note("tag_name_missing", "name")
        return
    try:
        refuse_by_name(values["name"], values["name_en"], row.code)
    except Invalid as error:
        row.note("tag_is_not_kept", "name", reason=Sentence(error.sentence, **error.values))
    if values["level"] >= Tag.Level.L3:
        for name in ("purpose", "basis"):
            if not values[name] and not any(one.details.get("field") == name for one in row.notes):
                row.note("tag_purpose_missing", name)
