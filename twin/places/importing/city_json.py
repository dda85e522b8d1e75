"""CityJSON 1.0 to 2.0, through cjio: buildings with their parts, as footprints with heights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from twin.places.importing.cjio_reader import read_model
from twin.places.importing.notes import FileRefused, note
from twin.places.importing.opening import Opened
from twin.places.importing.table import MOST_ROWS, Table

BUILDINGS = frozenset({"Building", "BuildingPart"})
NESTING = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
"""How many lists lie around the surfaces of a geometry."""
LARGEST_OF_PARTS = ("measuredHeight", "storeysAboveGround", "storeysBelowGround")
FLAT = 0.999
"""A face is level when its normal is upright within 2.5 degrees."""
LOWEST_M = 0.5
HEIGHT_FROM_SHAPE = "geometry_height"

Floats = NDArray[np.float64]
Face = list[Floats]


@dataclass(frozen=True, slots=True)
class Body:
    """The faces of one geometry, each a list of rings (n, 3), and what each face is ("GroundSurface", ...)."""

    lod: float
    faces: list[Face]
    meanings: list[str]


WRONG = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)
"""What Python says when a document has not the form that CityJSON has."""


def read_city_json(file: Opened) -> Table:
    """One row for each building; its parts belong to it. Raises FileRefused."""
    try:
        return _read(file)
    except WRONG as error:
        reason = f"{type(error).__name__}: {error}"
        raise FileRefused("file_cannot_be_read", format="CityJSON", reason=reason) from error


def _read(file: Opened) -> Table:
    model = read_model(file.path)
    objects: dict[str, Any] = model["CityObjects"]
    vertices = _vertices(model)
    roots = [
        key
        for key, thing in objects.items()
        if thing.get("type") in BUILDINGS and not _parents(thing, objects)
    ]
    if len(roots) > MOST_ROWS:
        raise FileRefused("too_many_rows", count=len(roots), most=MOST_ROWS)
    table = Table(file.format.value, "", np.full(len(roots), None, dtype=object), {}, feature_ids=list(roots),
                  system=str((model.get("metadata") or {}).get("referenceSystem") or ""), notes=list(file.notes))  # fmt: skip
    attributes: list[dict[str, Any]] = []
    for row, key in enumerate(roots):
        family = list(_family(key, objects))
        attributes.append(_attributes([objects[member] for member in family]))
        try:
            bodies = [body for member in family for body in _bodies(objects[member], vertices)]
            table.geometries[row] = _footprint([list(_bodies(objects[m], vertices)) for m in family])
        except WRONG as error:
            table.broken[row] = "geometry_cannot_be_read"
            attributes[row]["geometry_error"] = str(error)
            continue
        attributes[row][HEIGHT_FROM_SHAPE] = _height(bodies)
        if len(family) > 1:
            table.row_notes[row] = [note("building_has_parts", count=len(family) - 1)]
    names = dict.fromkeys(name for one in attributes for name in one)
    table.columns = {name: [one.get(name) for one in attributes] for name in names}
    _tell_what_was_left(table, objects)
    return table


def _vertices(model: dict[str, Any]) -> Floats:
    try:
        return np.array(model["vertices"], dtype=np.float64).reshape(-1, 3)
    except (TypeError, ValueError) as error:
        raise FileRefused("file_cannot_be_read", format="CityJSON", reason=f"vertices: {error}") from error


def _parents(thing: dict[str, Any], objects: dict[str, Any]) -> list[str]:
    return [key for key in thing.get("parents") or [] if objects.get(key, {}).get("type") in BUILDINGS]


def _family(key: str, objects: dict[str, Any]) -> Iterator[str]:
    """A building and its parts, and theirs."""
    seen, queue = set(), [key]
    while queue:
        member = queue.pop(0)
        if member in seen or objects.get(member, {}).get("type") not in BUILDINGS:
            continue
        seen.add(member)
        yield member
        queue += objects[member].get("children") or []


def _attributes(members: list[dict[str, Any]]) -> dict[str, Any]:
    """The building's own; what it lacks from its parts, of heights and storeys the largest."""
    found: dict[str, Any] = {}
    for member in members:
        for name, value in (member.get("attributes") or {}).items():
            if value is None or isinstance(value, dict | list):
                continue
            if (
                name in LARGEST_OF_PARTS
                and member is not members[0]
                and isinstance(found.get(name), int | float)
            ):
                found[name] = max(found[name], value)
            else:
                found.setdefault(name, value)
    return found


def _bodies(thing: dict[str, Any], vertices: Floats) -> Iterator[Body]:
    for geometry in thing.get("geometry") or []:
        nesting = NESTING.get(geometry.get("type"))
        if nesting is None:
            continue
        surfaces = _flattened(geometry["boundaries"], nesting)
        semantics = geometry.get("semantics") or {}
        meanings = _flattened(semantics.get("values") or [], nesting)
        kinds = [surface.get("type", "") for surface in semantics.get("surfaces") or []]
        told = [kinds[m] if isinstance(m, int) and 0 <= m < len(kinds) else "" for m in meanings]
        told += [""] * (len(surfaces) - len(told))
        faces = [[_points(ring, vertices) for ring in surface] for surface in surfaces]
        yield Body(float(geometry.get("lod") or 0), faces, told)


def _flattened(nested: list[Any], levels: int) -> list[Any]:
    for _ in range(levels):
        nested = [inner for outer in nested for inner in outer or []]
    return nested


def _points(ring: list[int], vertices: Floats) -> Floats:
    index = np.array(ring, dtype=np.int64)
    if index.size and (index.min() < 0 or index.max() >= len(vertices)):
        raise IndexError(f"a face names vertex {index.max()}; there are {len(vertices)}")
    points: Floats = vertices[index]
    return points


def _footprint(members: list[list[Body]]) -> Polygon | MultiPolygon | None:
    """The ground plan of a building and its parts together, flat; None without any geometry."""
    plans = [_plan(bodies) for bodies in members if bodies]
    areas = [
        part
        for plan in plans
        for part in shapely.get_parts(plan)
        if isinstance(part, Polygon) and part.area > 0
    ]
    if not areas:
        return None
    whole = shapely.union_all(areas)
    polygons = [part for part in shapely.get_parts(whole) if isinstance(part, Polygon)]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _plan(bodies: list[Body]) -> Any:
    """Best what is said to be ground; else a footprint without height; else the lowest level faces; else everything,
    seen from above."""
    by_detail = sorted(bodies, key=lambda body: -body.lod)
    for body in by_detail:
        ground = [
            face
            for face, meaning in zip(body.faces, body.meanings, strict=False)
            if meaning == "GroundSurface"
        ]
        if ground:
            return _from_above(ground)
    for body in by_detail:
        if body.lod < 1:
            return _from_above(body.faces)
    lowest = _lowest(by_detail[0].faces)
    plan, shadow = _from_above(lowest), _from_above(by_detail[0].faces)
    return plan if plan.area >= 0.5 * shadow.area else shadow


def _lowest(faces: list[Face]) -> list[Face]:
    level = [face for face in faces if face and _is_level(face[0])]
    if not level:
        return []
    ground = min(float(face[0][:, 2].min()) for face in level)
    return [face for face in level if float(face[0][:, 2].max()) < ground + LOWEST_M]


def _is_level(ring: Floats) -> bool:
    """By Newell's normal, which also holds for rings that are not quite flat."""
    following = np.roll(ring, -1, axis=0)
    step, sum_ = (ring - following).T, (ring + following).T
    normal = np.array([(step[1] * sum_[2]).sum(), (step[2] * sum_[0]).sum(), (step[0] * sum_[1]).sum()])
    length = float(np.linalg.norm(normal))
    return length > 0 and abs(float(normal[2])) / length > FLAT


def _from_above(faces: list[Face]) -> Any:
    plans = []
    for face in faces:
        rings = [ring[:, :2] for ring in face if len(ring) >= 3]
        if not rings:
            continue
        plan = Polygon(rings[0], rings[1:])
        if plan.area > 0 or not plan.is_valid:
            plans.append(shapely.make_valid(plan, method="structure", keep_collapsed=False))
    return shapely.union_all(plans) if plans else Polygon()


def _height(bodies: list[Body]) -> float | None:
    """From the lowest to the highest point of what has a height."""
    solid = [body for body in bodies if body.lod >= 1] or bodies
    heights = [ring[:, 2] for body in solid for face in body.faces for ring in face if len(ring)]
    if not heights:
        return None
    every = np.concatenate(heights)
    height = round(float(every.max() - every.min()), 2)
    return height if height > 0 else None


def _tell_what_was_left(table: Table, objects: dict[str, Any]) -> None:
    others: dict[str, int] = {}
    instances = 0
    for thing in objects.values():
        kind = str(thing.get("type"))
        if not kind.startswith("Building"):
            others[kind] = others.get(kind, 0) + 1
        elif any(g.get("type") == "GeometryInstance" for g in thing.get("geometry") or []):
            instances += 1
    if others:
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
        table.notes.append(note("other_objects_left_out", objects=said))
    if instances:
        table.notes.append(note("templates_left_out", count=instances))
