"""Grids that hang elsewhere in the tree than before, and grids that are no more: what may go and what has to stay."""

from __future__ import annotations

from collections import defaultdict

from twin.places.importing.grid_tree import Standing, Tree, standing_id
from twin.places.importing.rows import Row, Verdict
from twin.places.models import Building, Grid

PARENT = "parent"


def judge_moves(tree: Tree, known: list[Standing], allowed: bool) -> None:
    """A grid under another parent takes along all that is counted below it; so it is refused unless it was asked for."""
    parent_of = {grid.id: grid.parent_id for grid in known}
    names = {grid.id: grid.name for grid in known}
    moved = [
        row
        for row in tree.order
        if row.place_id is not None and standing_id(tree.parents[row.number]) != parent_of[row.place_id]
    ]
    for row in moved:
        parent = tree.parents[row.number]
        now = parent.values["name"] if isinstance(parent, Row) else names[parent]
        then = names.get(parent_of[row.place_id or 0] or 0, "")
        if not allowed:
            row.refuse("parent_changed", before=then, now=now)
        elif _leads_back(row, tree, parent_of):
            row.refuse("parent_is_a_circle")
        else:
            row.changes[PARENT] = (then, now)
            row.verdict = Verdict.CHANGE
            row.note("moves_in_the_tree", before=then, now=now, buildings=_buildings_below(row.place_id or 0))
    tree.order = [row for row in tree.order if row.is_wanted]


def _leads_back(row: Row, tree: Tree, parent_of: dict[int, int | None]) -> bool:
    """Whether the way up from a row's new parent comes to the row itself, by the tree as it will be."""
    rows = {other.place_id: other for other in tree.order if other.place_id is not None}
    above: Row | int | None = tree.parents[row.number]
    while above is not None:
        other = above if isinstance(above, Row) else rows.get(above)
        if other is row:
            return True
        if other is not None:
            above = tree.parents.get(other.number)
        else:
            assert isinstance(above, int)
            above = parent_of.get(above)
    return False


def _buildings_below(grid_id: int) -> int:
    path = Grid.objects.filter(pk=grid_id).values_list("path", flat=True).get()
    return Building.objects.standing().filter(grid__path__startswith=path).count()


def keep_what_holds_grids(endings: list[Row], tree: Tree, known: list[Standing]) -> set[int]:
    """Refuse to end a grid that other grids lie below once all is done. Returns the ids of those that end."""
    ending = {row.place_id for row in endings if row.verdict == Verdict.END}
    children = _children_then(tree, known)
    names = {grid.id: grid.name for grid in known}
    while True:
        holding = {place_id for place_id in ending if children[place_id or 0] - ending}
        if not holding:
            break
        ending -= holding
    for row in endings:
        if row.verdict == Verdict.END and row.place_id not in ending:
            below = sorted(names[child] for child in children[row.place_id or 0] - ending if child in names)
            row.refuse("grid_holds_grids", names=", ".join(below[:5]) or "-")
    return {place_id for place_id in ending if place_id is not None}


def _children_then(tree: Tree, known: list[Standing]) -> dict[int, set[int]]:
    """Grid id -> what lies directly below it when the import is done; rows that are new count by their negative number."""
    children: dict[int, set[int]] = defaultdict(set)
    in_file = {row.place_id for row in tree.order}
    for grid in known:
        if grid.id not in in_file and grid.parent_id is not None:
            children[grid.parent_id].add(grid.id)
    for row in tree.order:
        parent = standing_id(tree.parents[row.number])
        if parent is not None:
            children[parent].add(row.place_id if row.place_id is not None else -row.number)
    return children
