from __future__ import annotations

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db.models import Count

from tests.conftest import a_building, box
from twin.base.errors import Conflict, Invalid
from twin.places.actions import change_building, cut_building, cut_buildings
from twin.places.models import Building, Community, Dwelling, Unit


def test_a_building_is_cut_into_its_stated_units_and_flats(west_building: Building) -> None:
    assert cut_building(building=west_building) == 24
    per_unit = Dwelling.objects.values_list("unit__number").annotate(n=Count("id")).order_by("unit__number")
    assert list(per_unit) == [("1", 12), ("2", 12)]
    assert not Dwelling.objects.filter(estimated=True).exists()


def test_every_dwelling_has_an_outer_wall_and_its_storey(west_building: Building) -> None:
    cut_building(building=west_building)
    for dwelling in Dwelling.objects.all():
        assert dwelling.walls
        assert dwelling.top_m - dwelling.base_m == pytest.approx(2.9)
        assert dwelling.base_m == pytest.approx((dwelling.floor - 1) * 2.9)


def test_what_is_cut_from_a_guess_says_so(community: Community, west_building: Building) -> None:
    change_building(building=west_building, flats_per_floor=None)
    cut_building(building=west_building)
    west_building.refresh_from_db()
    assert west_building.cut == Building.Cut.ESTIMATED
    assert not Dwelling.objects.counted().exists()


def test_a_cut_building_is_not_cut_twice_by_mistake(west_building: Building) -> None:
    cut_building(building=west_building)
    with pytest.raises(Conflict):
        cut_building(building=west_building)
    assert Dwelling.objects.count() == 24


def test_cutting_again_ends_what_was_there(west_building: Building) -> None:
    cut_building(building=west_building)
    change_building(building=west_building, flats_per_floor=1)
    assert cut_building(building=west_building, again=True) == 12
    assert Dwelling.objects.standing().count() == 12
    assert Unit.objects.standing().count() == 2
    assert Dwelling.objects.count() == 36


def test_basements_and_skipped_floors_are_no_homes(west_building: Building) -> None:
    change_building(building=west_building, floors_below=2, skipped_floors=[4])
    assert cut_building(building=west_building) == 24
    assert set(Dwelling.objects.values_list("floor", flat=True)) == {1, 2, 3, 5, 6, 7}


def test_a_building_of_two_parts_is_cut_in_both(community: Community) -> None:
    parts = MultiPolygon(
        *box(122.6008, 31.0510, 122.6012, 31.0511), *box(122.6013, 31.0510, 122.6017, 31.0511), srid=4326
    )
    building = a_building(community, 122.7)
    change_building(building=building, footprint=parts)
    assert cut_building(building=building) == 24
    assert sorted(Unit.objects.values_list("number", flat=True)) == ["1", "2"]


def test_what_cannot_be_cut_is_said_and_left(community: Community, west_building: Building) -> None:
    tiny = a_building(community, 122.6002, name="岗亭")
    change_building(building=tiny, footprint=box(122.60020, 31.0510, 122.60021, 31.05101))
    with pytest.raises(Invalid, match="岗亭 cannot be cut"):
        cut_building(building=tiny)
    told: list[tuple[str, int | None]] = []
    made = cut_buildings(
        Building.objects.all(), done=lambda building, n, why: told.append((str(building), n))
    )
    assert made == 24
    assert sorted(told, key=str) == [("岗亭", None), ("西楼", 24)]


def test_cutting_that_was_broken_off_goes_on(west_building: Building, east_building: Building) -> None:
    cut_building(building=west_building)
    assert cut_buildings(Building.objects.all()) == 24
    assert cut_buildings(Building.objects.all()) == 0
