"""The tree of classes: those that there are, those that a sheet adds or changes, and those that rows of tags name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from twin.people.catalogue.rows import CatalogueRow, Verdict
from twin.people.models import TagClass

LONGEST = 40
DEFAULTS = {"name_en": "", "colour": "#8aa4c8", "position": 0}
COMPARED = ("name", "name_en", "colour", "position")


@dataclass(slots=True)
class Node:
    """A class as it will be. said: what is to be written. row: the row that tells it, for one that a row tells."""

    code: str
    name: str
    parent: Node | None = None
    there: TagClass | None = None
    said: dict[str, Any] = field(default_factory=dict)
    row: CatalogueRow | None = None
    is_new: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_new = self.there is None

    @property
    def way(self) -> str:
        above = f"{self.parent.way}/" if self.parent else ""
        return f"{above}{self.name}"

    @property
    def is_refused(self) -> bool:
        return self.is_new and self.row is not None and self.row.is_refused


class Ambiguous(Exception):
    """Several classes are called so."""


class Tree:
    """Classes of a community, by code and by name."""

    def __init__(self, there: Iterable[TagClass]) -> None:
        self.nodes: dict[str, Node] = {}
        known = {row.pk: Node(row.code, row.name, there=row) for row in there}
        for node in known.values():
            assert node.there is not None
            node.parent = known.get(node.there.parent_id or 0)
            self.nodes[node.code] = node

    def by_code_or_name(self, text: str, parent: Node | None = None) -> Node | None:
        """parent: only a class right below it. Raises Ambiguous."""
        here = [node for node in self.nodes.values() if parent is None or node.parent is parent]
        if found := [node for node in here if node.code == text]:
            return found[0]
        named = [node for node in here if node.name == text]
        if len(named) > 1:
            raise Ambiguous(text)
        return named[0] if named else None

    def at(self, way: tuple[str, ...]) -> tuple[Node, list[Node]]:
        """The class at the end of this way, and those on it that come in new. Raises Ambiguous."""
        if len(way) == 1 and (found := self.by_code_or_name(way[0])):
            return found, []
        node: Node | None = None
        new: list[Node] = []
        for depth, step in enumerate(way):
            below = self._top(step) if depth == 0 else self.by_code_or_name(step, node)
            if below is None:
                below = self._added(step, node)
                new.append(below)
            node = below
        assert node is not None
        return node, new

    def _top(self, text: str) -> Node | None:
        tops = [node for node in self.nodes.values() if node.parent is None]
        return next((node for node in tops if text in (node.code, node.name)), None)

    def _added(self, name: str, parent: Node | None) -> Node:
        node = Node(self._free_code(f"{parent.way}/{name}" if parent else name), name, parent)
        node.said = {"name": name, **DEFAULTS, "position": len(self.nodes)}
        self.nodes[node.code] = node
        return node

    def _free_code(self, way: str) -> str:
        """Told by the way, so that it is the same however often it is asked for."""
        if len(way) <= LONGEST and way not in self.nodes:
            return way
        return f"{way[: LONGEST - 9]}-{sha256(way.encode()).hexdigest()[:8]}"

    def read(self, rows: Iterable[CatalogueRow]) -> None:
        """Rows of a sheet of classes. Parents may stand below their children."""
        rows = [row for row in rows if row.code]
        for row in rows:
            node = self.nodes.setdefault(row.code, Node(row.code, row.said.get("name", "")))
            if node.row is not None:
                row.note("tag_code_repeats_row", "class_code", row=node.row.where)
                continue
            node.row = row
        for row in rows:
            if self.nodes[row.code].row is row and not row.is_refused:
                self._read_row(self.nodes[row.code], row)

    def _read_row(self, node: Node, row: CatalogueRow) -> None:
        there = node.there
        now = {name: row.said[name] for name in COMPARED if name in row.said}
        if there is None and not now.get("name"):
            row.note("tag_name_missing", "name")
            return
        self._read_parent(node, row)
        if row.is_refused:
            return
        if there is None:
            node.said = {**DEFAULTS, **now}
            row.changes = {name: (None, value) for name, value in node.said.items()}
        else:
            row.about_id = there.pk
            row.changes = {n: (getattr(there, n), v) for n, v in now.items() if getattr(there, n) != v}
            node.said = {name: value for name, (_, value) in row.changes.items()}
            row.verdict = Verdict.CHANGE if row.changes else Verdict.UNCHANGED
        node.name = now.get("name") or node.name
        self._compare_parent(node, row)

    def _read_parent(self, node: Node, row: CatalogueRow) -> None:
        text = row.said.get("parent", "")
        if not text:
            return
        try:
            parent = self.by_code_or_name(text)
        except Ambiguous:
            row.note("tag_class_is_ambiguous", "parent", text=text)
            return
        if parent is None or parent.is_refused:
            row.note("tag_class_parent_unknown", "parent", text=text)
            return
        above: Node | None = parent
        while above is not None:
            if above is node:
                row.note("tag_class_below_itself", "parent")
                return
            above = above.parent
        node.parent = parent

    def _compare_parent(self, node: Node, row: CatalogueRow) -> None:
        was = node.there.parent.code if node.there and node.there.parent else None
        now = node.parent.code if node.parent else None
        if was == now:
            return
        row.changes["parent"] = (was, now)
        if row.verdict == Verdict.UNCHANGED:
            row.verdict = Verdict.CHANGE

    def written(self) -> list[Node]:
        """What is new or changes, parents first."""
        done: dict[int, Node] = {}

        def put(node: Node) -> None:
            if id(node) in done or node.is_refused:
                return
            if node.parent is not None:
                put(node.parent)
            if node.there is None or node.said or (node.row and "parent" in node.row.changes):
                done[id(node)] = node

        for node in self.nodes.values():
            put(node)
        return list(done.values())
