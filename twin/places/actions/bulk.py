"""Verbs for many places at once: COPY and set operations, because a hundred thousand saves take an hour."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import shapely
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.actions.addresses import end_aliases_of
from twin.places.actions.history import begin_building_grids, end_states
from twin.places.actions.holding import hold_grids
from twin.places.actions.placing import place_buildings
from twin.places.events import BuildingEnded
from twin.places.models import (
    Building,
    BuildingGridHistory,
    Compound,
    Dwelling,
    Entrance,
    Place,
    Unit,
)
from twin.places.shape_versions import touch_all

SRID = 4326
DRAWN: dict[type[models.Model], str] = {Building: "footprint", Entrance: "position"}
Told = Callable[[int], None]
Values = Mapping[str, Any]


@verb
def add_places(
    *, model: type[Place], community_id: int, source: str, rows: Sequence[Values], told: Told = lambda _: None
) -> dict[str, int]:
    """Add places that come with a `source_id` each; shapes as shapely multi-geometries in EPSG:4326.

    Buildings need their `grid_id`. What a row does not say gets the model's default. Returns source id -> id.
    """
    if not rows:
        return {}
    if model is Building:
        hold_grids(community_id)
    fields = written_fields(model)
    same = {"community_id": community_id, "source": source}
    copy_rows(model, fields, ({**same, **row} for row in rows), told)
    wanted = [row["source_id"] for row in rows]
    known = model._default_manager.filter(ended_at=None, source_id__in=wanted, **same)
    ids = dict(known.values_list("source_id", "pk"))
    if model is Building:
        begin_building_grids(sorted(ids.values()))
    touch_all(community_id, [row[shape_field(model)] for row in rows])
    return ids


@verb
def change_places(
    *, model: type[Place], community_id: int, changes: Mapping[int, Values], told: Told = lambda _: None
) -> list[int]:
    """Change fields of places, each its own; a building with a new shape may move to another grid.

    Returns the ids of the buildings that moved.
    """
    if not changes:
        return []
    if model is Building:
        hold_grids(community_id)
    touch_all(community_id, _shapes_of(model, changes))
    done = 0
    for names, ids in _by_fields(changes).items():
        _update(model, names, {place_id: changes[place_id] for place_id in ids})
        done += len(ids)
        told(done)
    shape = shape_field(model)
    redrawn = [place_id for place_id, values in changes.items() if shape in values]
    touch_all(community_id, [changes[place_id][shape] for place_id in redrawn])
    if model is not Building or not redrawn:
        return []
    return place_buildings(Building.objects.filter(pk__in=redrawn, grid_decided=False))


@verb
def end_places(
    *, model: type[Place], community_id: int, ids: Sequence[int], told: Told = lambda _: None
) -> None:
    """These places are no more (no grids: those have verbs of their own). With a building end its units and dwellings, with
    a compound its entrances; buildings of the compound belong to none then. Names that were learned for them end too. What
    has ended already stays as it was."""
    standing = model._default_manager.filter(pk__in=ids, ended_at=None, community=community_id)
    ending = sorted(standing.select_for_update(no_key=True).values_list("pk", flat=True))
    if not ending:
        return
    touch_all(community_id, _shapes_of(model, ending))
    now = timezone.now()
    model._default_manager.filter(pk__in=ending).update(ended_at=now)
    if model is Building:
        for inner in (Unit, Dwelling):
            inner._default_manager.filter(building__in=ending, ended_at=None).update(ended_at=now)
        end_states(BuildingGridHistory, "building_id", ending)
        end_aliases_of(buildings=ending, dwellings_of=ending)
        for done, building_id in enumerate(ending, start=1):
            emit(BuildingEnded(community_id=community_id, building_id=building_id))
            told(done)
    elif model is Compound:
        gates = Entrance.objects.filter(compound__in=ending, ended_at=None)
        touch_all(community_id, [shapely.from_wkb(bytes(gate.position.wkb)) for gate in gates])
        gates.update(ended_at=now)
        Building.objects.filter(compound__in=ending).update(compound=None)
        end_aliases_of(compounds=ending)


def shape_field(model: type[models.Model]) -> str:
    """The name of the field that is drawn."""
    return DRAWN.get(model, "geometry")


def copy_rows(
    model: type[models.Model],
    fields: Sequence[models.Field[Any, Any]],
    rows: Iterable[Values],
    told: Told = lambda _: None,
) -> None:
    """COPY rows into a table; values by attribute name, else the field's default. Inside a verb only."""
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.wrap_database_errors,  # Django's own only cover execute()
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for done, row in enumerate(rows, start=1):
            copy.write_row([_copied(field, row) for field in fields])
            if done % 1000 == 0:
                told(done)


def written_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields that the database does not fill by itself."""
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated or field.has_db_default())
    ]


def _copied(field: models.Field[Any, Any], row: Values) -> Any:
    if field.attname in row:
        value = row[field.attname]
    elif field.name in row:
        value = row[field.name]
    else:
        value = field.get_default()
    if isinstance(value, BaseGeometry):
        return hex_of(value)
    if isinstance(field, ArrayField):
        return list(value)
    if isinstance(field, models.JSONField):
        return None if value is None else json.dumps(value, ensure_ascii=False)
    return value


def hex_of(shape: BaseGeometry) -> str:
    """A shape (EPSG:4326) as the database reads it."""
    text: str = shapely.to_wkb(shapely.set_srid(shape, SRID), hex=True, include_srid=True)
    return text


def _by_fields(changes: Mapping[int, Values]) -> dict[tuple[str, ...], list[int]]:
    """Places whose changes name the same fields; what a change does not name is not written."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place_id, values in changes.items():
        groups.setdefault(tuple(sorted(values)), []).append(place_id)
    return groups


def _update(model: type[Place], names: tuple[str, ...], changes: Mapping[int, Values]) -> None:
    of_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [of_name[name] for name in names]
    columns = [field.column for field in fields]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        listed = ", ".join(f'"{column}"' for column in ("id", *columns))
        cursor.execute(
            f"CREATE TEMPORARY TABLE place_change ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA"
        )
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY place_change ({listed}) FROM STDIN") as copy,
        ):
            for place_id in sorted(changes):
                row = changes[place_id]
                copy.write_row([place_id, *(_copied(field, row) for field in fields)])
        assigned = ", ".join(f'"{column}" = place_change."{column}"' for column in columns)
        cursor.execute(f"UPDATE {table} SET {assigned} FROM place_change WHERE {table}.id = place_change.id")
        cursor.execute("DROP TABLE place_change")


def _shapes_of(model: type[Place], ids: Iterable[int]) -> Iterator[BaseGeometry]:
    """How these places are drawn now: before a change, what is about to look different."""
    shape = shape_field(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_AsBinary({shape}) FROM {model._meta.db_table} WHERE id = ANY(%s) AND {shape} IS NOT NULL",
            [list(ids)],
        )
        yield from shapely.from_wkb([bytes(row[0]) for row in cursor.fetchall()])
