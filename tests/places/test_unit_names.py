"""Units that have names of their own: each house of an old row is a unit with its door's number."""

from __future__ import annotations

import pytest

from twin.base.errors import Invalid
from twin.demo.files import features
from twin.places.actions import change_building, cut_building
from twin.places.addresses.gazetteer import gazetteer_of
from twin.places.addresses.reconciling import reconcile
from twin.places.descriptions import address_of
from twin.places.models import Building, Dwelling, Unit


@pytest.fixture
def row(west_building: Building) -> Building:
    return change_building(
        building=west_building, number="19-20号", address="海棠大道196弄19-20号", unit_names=["19号", "20号"]
    )


def test_a_row_is_cut_into_houses_that_bear_their_doors(row: Building) -> None:
    cut_building(building=row)
    assert list(Unit.objects.order_by("number").values_list("number", "name")) == [
        ("1", "19号"),
        ("2", "20号"),
    ]
    assert [str(unit) for unit in Unit.objects.order_by("number")] == ["19号", "20号"]


def test_names_stay_when_it_is_cut_again(row: Building) -> None:
    cut_building(building=row)
    cut_building(building=row, again=True)
    assert set(Unit.objects.standing().values_list("name", flat=True)) == {"19号", "20号"}


def test_the_names_say_how_many_units_there_are(row: Building) -> None:
    change_building(building=row, units_stated=None)
    cut_building(building=row)
    assert Unit.objects.count() == 2


def test_names_for_another_number_of_units_are_refused(row: Building) -> None:
    change_building(building=row, units_stated=3)
    with pytest.raises(Invalid, match="has 3 units, and names for 2") as refused:
        cut_building(building=row)
    assert refused.value.where == "unit_names"
    assert not Unit.objects.exists()


def test_an_address_names_the_door_instead_of_the_row(row: Building) -> None:
    cut_building(building=row)
    home = Dwelling.objects.select_related("unit", "building").filter(unit__name="20号", floor=3).first()
    assert home is not None
    assert address_of(home.building, home.unit, home.room) == f"海棠大道196弄20号{home.room}室"


def test_a_door_is_found_behind_its_name_and_not_by_counting(row: Building) -> None:
    change_building(building=row, unit_names=["20号", "19号"])
    cut_building(building=row)
    match = reconcile("海棠大道196弄20号301", gazetteer_of(row.community))
    home = Dwelling.objects.select_related("unit").get(pk=match.dwelling_id)
    assert (match.is_right, home.unit.number, home.unit.name) == (True, "1", "20号")


def test_every_facility_of_the_demo_has_its_kind() -> None:
    known = {feature.properties["facility"] for feature in features("buildings")} - {None}
    assert known == set(Building.Facility.values)
