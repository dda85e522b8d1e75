from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPolygon, Point

from twin.base.errors import Conflict
from twin.base.verbs import verb
from twin.places.actions.bulk import end_places
from twin.places.models import Community, Compound, Entrance, LandCover, Place, Street
from twin.places.shape_versions import touch

P = TypeVar("P", bound=Place)


@verb
def add_compound(
    *, community: Community, name: str, geometry: MultiPolygon | None = None, **fields: Any
) -> Compound:
    return _added(Compound(community=community, name=name, geometry=geometry, **fields), geometry)


@verb
def add_entrance(*, compound: Compound, position: Point, name: str = "", **fields: Any) -> Entrance:
    entrance = Entrance(
        community_id=compound.community_id, compound=compound, position=position, name=name, **fields
    )
    return _added(entrance, position)


@verb
def add_street(*, community: Community, geometry: MultiLineString, **fields: Any) -> Street:
    return _added(Street(community=community, geometry=geometry, **fields), geometry)


@verb
def add_land_cover(*, community: Community, kind: str, geometry: MultiPolygon, **fields: Any) -> LandCover:
    return _added(LandCover(community=community, kind=kind, geometry=geometry, **fields), geometry)


@verb
def change_place(*, place: P, **fields: Any) -> P:
    """Change a street, land cover, compound or entrance. (Grids and buildings have verbs of their own.)"""
    before = type(place)._default_manager.select_for_update(no_key=True).get(pk=place.pk)
    for field, value in fields.items():
        setattr(place, field, value)
    place.save(update_fields=list(fields))
    touch(place.community_id, _shape_of(before), _shape_of(place))
    return place


@verb
def end_place(*, place: Street | LandCover | Compound | Entrance) -> None:
    """It is no more; with a compound its entrances end, and its buildings belong to none."""
    if place.ended_at is not None:
        raise Conflict("%(what)s has ended already.", what=place)
    end_places(model=type(place), community_id=place.community_id, ids=[place.pk])


def _added(place: P, shape: GEOSGeometry | None) -> P:
    place.save()
    touch(place.community_id, shape)
    return place


def _shape_of(place: Place) -> GEOSGeometry | None:
    shape: GEOSGeometry | None = getattr(place, "position" if isinstance(place, Entrance) else "geometry")
    return shape
