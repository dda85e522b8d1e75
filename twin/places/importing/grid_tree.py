"""The tree of an import's grids: who is whose parent, in which order they are drawn, and whether siblings meet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import shapely

from gis.measure import area_m2
from gis.topology import gaps, outside
from twin.places.importing.notes import Note, note
from twin.places.importing.rows import Row, Verdict
from twin.places.importing.table import Geometries
from twin.places.models import Building, Community, Grid

MOST_OVERLAP_M2 = 1.0
"""As the database has it, which counts every square metre: `gis.topology` would let a long sliver pass."""
LEAST_GAP_M2 = 10.0
MOST_GAPS = 20
MOST_OUTSIDE = 0.01


@dataclass(slots=True)
class Tree:
    """parents: row number -> its parent's row, or the id of a grid that stands. order: rows, parents before children."""

    parents: dict[int, Row | int] = field(default_factory=dict)
    order: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """A grid that is there already."""

    id: int
    parent_id: int | None
    name: str
    code: str
    source: str
    source_id: str
    shape: shapely.Geometry | None


def standing_grids(community: Community) -> list[Standing]:
    rows = Grid.objects.standing().filter(community=community).order_by("id")
    return [
        Standing(g.pk, g.parent_id, g.name, g.code, g.source, g.source_id,
                 shapely.from_wkb(bytes(g.geometry.wkb)) if g.geometry else None)
        for g in rows
    ]  # fmt: skip


def plant(rows: list[Row], known: list[Standing], root_id: int) -> Tree:
    """Find everyone's parent. Refuses rows whose parent is unknown, refused, or their own descendant."""
    tree = Tree()
    own = _by_word(rows)
    others: dict[str, int] = {}
    for grid in known:
        for word in (grid.name, grid.code, grid.source_id):
            if word:
                others.setdefault(word, grid.id)
    for row in rows:
        word = row.values.pop("parent", "")
        if not row.is_wanted:
            continue
        found: Row | int | None = root_id if not word else own.get(word) or others.get(word)
        if found is None:
            row.refuse("parent_unknown", parent=word)
        elif found is row:
            row.refuse("parent_is_itself", parent=word)
        else:
            tree.parents[row.number] = root_id if isinstance(found, Row) and _is_root(found) else found
    _order(rows, tree)
    return tree


def _by_word(rows: list[Row]) -> dict[str, Row]:
    """Rows by everything that a parent column may name: id, code, name."""
    found: dict[str, Row] = {}
    for word_of in (lambda r: r.source_id, lambda r: r.values.get("code"), lambda r: r.values.get("name")):
        for row in rows:
            word = word_of(row)
            if word and row.verdict != Verdict.JOIN:
                found.setdefault(word, row)
    return found


def _is_root(row: Row) -> bool:
    return row.values.get("kind") == Grid.Kind.COMMUNITY


def take_out_roots(rows: list[Row]) -> list[Note]:
    """A row that is the community itself is no grid below it."""
    roots = [row for row in rows if row.is_wanted and _is_root(row)]
    for row in roots:
        row.refuse("row_is_the_community")
    return [note("community_row_left_out", count=len(roots))] if roots else []


def _order(rows: list[Row], tree: Tree) -> None:
    done: set[int] = set()
    waiting = [row for row in rows if row.is_wanted]
    while waiting:
        ready = [row for row in waiting if _is_ready(row, tree, done)]
        if not ready:
            for row in waiting:
                row.refuse("parent_is_a_circle")
            return
        for row in ready:
            parent = tree.parents[row.number]
            if isinstance(parent, Row) and not parent.is_wanted:
                row.refuse("parent_is_refused", row=parent.number)
            else:
                tree.order.append(row)
            done.add(row.number)
        waiting = [row for row in waiting if row.number not in done]


def _is_ready(row: Row, tree: Tree, done: set[int]) -> bool:
    parent = tree.parents[row.number]
    return not isinstance(parent, Row) or parent.number in done or not parent.is_wanted


def check_siblings(tree: Tree, known: list[Standing], ending: set[int]) -> list[Note]:
    """Refuse what overlaps a sibling, note gaps between siblings and what leaves its parent.

    Also judges against grids that stand and are not in the file, unless they end.
    """
    replaced = {row.place_id for row in tree.order if row.place_id is not None} | ending
    staying: dict[int, list[Standing]] = defaultdict(list)
    shapes_of = {grid.id: grid.shape for grid in known}
    for grid in known:
        if grid.id not in replaced and grid.parent_id is not None and grid.shape is not None:
            staying[grid.parent_id].append(grid)
    families: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in tree.order:
        families[_key(tree.parents[row.number])].append(row)
    notes: list[Note] = []
    for (kind, number), rows in families.items():
        siblings = staying[number] if kind == "grid" else []
        _refuse_namesakes(rows, known, number if kind == "grid" else None, replaced)
        _refuse_overlaps([row for row in rows if row.is_wanted], siblings)
        parent = tree.parents[rows[0].number]
        shape = shapes_of.get(parent) if isinstance(parent, int) else parent.shape
        notes += _gaps([row for row in rows if row.is_wanted], siblings, shape)
    for row in tree.order:
        parent = tree.parents[row.number]
        if row.is_wanted and isinstance(parent, Row) and not parent.is_wanted:
            row.refuse("parent_is_refused", row=parent.number)
    tree.order = [row for row in tree.order if row.is_wanted]
    return notes


def _key(parent: Row | int) -> tuple[str, int]:
    return ("row", parent.number) if isinstance(parent, Row) else ("grid", parent)


def _refuse_namesakes(
    rows: list[Row], known: list[Standing], parent_id: int | None, replaced: set[int]
) -> None:
    taken = {
        g.name: g
        for g in known
        if parent_id is not None and g.parent_id == parent_id and g.id not in replaced
    }
    first: dict[str, Row] = {}
    for row in rows:
        name = row.values["name"]
        if name in taken:
            row.refuse("name_is_taken", name=name, source=taken[name].source or "-")
        elif first.setdefault(name, row) is not row:
            row.refuse("name_repeats_row", name=name, row=first[name].number)


def _refuse_overlaps(rows: list[Row], staying: list[Standing]) -> None:
    shapes = np.array([*(row.shape for row in rows), *(grid.shape for grid in staying)], dtype=object)
    if len(shapes) < 2:
        return
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(one, other, strict=True):
        if a >= b or a >= len(rows):
            continue
        m2 = area_m2(_sound(shapely.intersection(shapes[a], shapes[b])))
        if m2 <= MOST_OVERLAP_M2:
            continue
        if b < len(rows):
            rows[a].refuse(
                "overlaps_sibling", name=rows[b].values["name"], row=rows[b].number, m2=round(m2, 1)
            )
            rows[b].refuse(
                "overlaps_sibling", name=rows[a].values["name"], row=rows[a].number, m2=round(m2, 1)
            )
        else:
            rows[a].refuse("overlaps_standing_grid", name=staying[b - len(rows)].name, m2=round(m2, 1))


def _gaps(rows: list[Row], staying: list[Standing], parent: shapely.Geometry | None) -> list[Note]:
    """Ground between siblings that none of them holds, and rows that leave their parent."""
    if not rows:
        return []
    shapes = [*(row.shape for row in rows), *(grid.shape for grid in staying)]
    notes = []
    open_ground = [gap for gap in gaps(shapes, parent) if gap.area_m2 >= LEAST_GAP_M2]
    for gap in open_ground[:MOST_GAPS]:
        middle = gap.piece.representative_point()
        where = {"lon": round(middle.x, 6), "lat": round(middle.y, 6)}
        notes.append(note("gap_between_grids", m2=round(gap.area_m2, 1), **where))
    if len(open_ground) > MOST_GAPS:
        rest = open_ground[MOST_GAPS:]
        notes.append(note("more_gaps", count=len(rest), m2=round(sum(gap.area_m2 for gap in rest), 1)))
    if parent is not None:
        for found in outside([row.shape for row in rows], parent):
            share = found.area_m2 / max(area_m2(rows[found.index].shape), 1e-9)
            if share > MOST_OUTSIDE:
                rows[found.index].note(
                    "grid_leaves_its_parent", m2=round(found.area_m2, 1), percent=round(100 * share)
                )
    return notes


def _sound(shape: shapely.Geometry) -> shapely.Geometry:
    """Only the areas: where borders meet, an intersection also has lines and points."""
    parts: Geometries = shapely.get_parts(shape)
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])


def refuse_below_decided_buildings(tree: Tree, known: list[Standing]) -> None:
    """Buildings that a clerk put into a grid by hand stay there; so no grid may be drawn below it."""
    leaves = {grid.id for grid in known} - {grid.parent_id for grid in known}
    parents = {number: standing_id(parent) for number, parent in tree.parents.items()}
    held = Building.objects.standing().filter(grid__in=leaves & set(parents.values()), grid_decided=True)
    decided = set(held.values_list("grid", flat=True))
    for row in tree.order:
        if parents[row.number] in decided:
            row.refuse("parent_holds_decided_buildings")
    tree.order = [row for row in tree.order if row.is_wanted]


def standing_id(parent: Row | int) -> int | None:
    return parent.place_id if isinstance(parent, Row) else parent
