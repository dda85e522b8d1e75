"""Places that a later file no longer has: they stay, unless it is stated that they end; then everything is told before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import Point

from tests.devices.homes import a_device
from tests.places.importing.conftest import apply, codes, house, houses, plan
from tests.places.importing.test_grids import flat, square
from tests.places.test_grids import check_now
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.devices.models import Device
from twin.places.actions import add_building, add_entrance, cut_building, draw_grid, place_in_grid
from twin.places.importing.plan import Plan
from twin.places.importing.shapes import geos
from twin.places.models import (
    Building,
    Community,
    Compound,
    Dwelling,
    Entrance,
    Grid,
    ImportRow,
    Street,
    Unit,
)


def endings(made: Plan) -> dict[str, tuple[str, list[str]]]:
    """Id in the source -> verdict, codes of the notes."""
    return {row.source_id: (str(row.verdict), codes(row)) for row in made.endings}


def test_without_being_stated_nothing_ends(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(3)))
    made = apply(town, geojson(houses(1))).plan
    assert (made.endings, made.counts["end"], made.counts["missing"]) == ([], 0, 2)
    assert Building.objects.standing().count() == 3


def test_a_dry_run_lists_what_would_end_and_ends_nothing(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(5)))
    made = plan(town, geojson(houses(3)), end_missing=True)
    assert endings(made) == {"h3": ("end", ["not_in_the_file"]), "h4": ("end", ["not_in_the_file"])}
    assert (made.counts["end"], made.counts["missing"], made.counts["rows"]) == (2, 0, 3)
    assert Building.objects.standing().count() == 5


def test_what_is_stated_to_end_ends_with_all_that_is_in_it(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(3)))
    gone = Building.objects.get(source_id="h2")
    cut_building(building=gone)
    apply(town, geojson(houses(2)), end_missing=True)
    assert set(Building.objects.standing().values_list("source_id", flat=True)) == {"h0", "h1"}
    assert not Dwelling.objects.standing().exists()
    assert not Unit.objects.standing().exists()
    gone.refresh_from_db()
    assert gone.ended_at is not None


def test_what_hangs_on_a_building_is_told_before(
    geojson: Callable[..., Path], town: Community, someone: Callable[..., User]
) -> None:
    apply(town, geojson(houses(2)))
    building = Building.objects.get(source_id="h1")
    cut_building(building=building)
    a_device(building, "lift-1", kind="lift")
    a_device(Dwelling.objects.first(), "smoke-1")
    unit = Unit.objects.first()
    grant_role(user=someone(), kind=RoleKind.STAIRWELL_HEAD, community=town, unit=unit)
    [row] = plan(town, geojson(houses(1)), end_missing=True).endings
    told = {one.code: one.details.get("count") for one in row.notes}
    assert told == {
        "not_in_the_file": None,
        "ends_with_dwellings": Dwelling.objects.count(),
        "ends_with_devices": 2,
        "ends_with_roles": 1,
    }
    apply(town, geojson(houses(1)), end_missing=True)
    assert not Device.objects.standing().exists()


def test_other_sources_and_what_was_drawn_by_hand_are_left_alone(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(2)))
    apply(town, geojson([(house(7), {"id": "x", "height": 9})]), source="另一份")
    add_building(community=town, footprint=geos(house(9)), height_m=9)
    apply(town, geojson(houses(1)), end_missing=True)
    assert Building.objects.standing().count() == 3


def test_a_row_that_is_refused_is_in_the_file_all_the_same(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(3)))
    made = plan(town, geojson([*houses(2), (None, {"id": "h2"})]), end_missing=True)
    assert made.endings == []


def test_a_file_of_which_nothing_can_be_read_ends_nothing(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(3)))
    assert plan(town, geojson([(None, {"id": "h9"})]), end_missing=True).endings == []


def test_a_part_of_the_whole_is_warned_about(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(5)))
    assert "most_would_end" in codes(plan(town, geojson(houses(2)), end_missing=True))
    assert "most_would_end" not in codes(plan(town, geojson(houses(4)), end_missing=True))


def test_what_takes_the_place_of_what_ends_is_in_nobodys_way(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(2)))
    made = plan(town, geojson([(house(0), {"id": "h0", "height": 18}), (house(1), {"id": "new", "height": 30})]),
                end_missing=True)  # fmt: skip
    assert not {"same_shape_as_building", "overlaps_building"} & set(codes(made.rows[1]))


def test_what_ended_is_recorded_with_the_rows(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(2)))
    run = apply(town, geojson(houses(1)), end_missing=True).run
    kept = list(ImportRow.objects.filter(run=run).order_by("number", "pk"))
    assert [(row.number, row.verdict) for row in kept] == [(1, "unchanged"), (None, "end")]
    assert kept[1].place_id == Building.objects.get(source_id="h1").pk


def test_more_or_less_that_ends_is_another_plan(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(3)))
    path = geojson(houses(2))
    assert plan(town, path).digest() != plan(town, path, end_missing=True).digest()


# Other kinds


def test_a_compound_that_ends_lets_its_buildings_go_and_frees_its_name(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(
        town,
        geojson([(square(0), {"id": "a", "name": "甲苑"}), (square(1), {"id": "b", "name": "乙苑"})]),
        "compounds",
    )
    compound = Compound.objects.get(name="甲苑")
    building = add_building(community=town, footprint=geos(house()), height_m=9, compound=compound)
    add_entrance(compound=compound, position=Point(121.4, 31.2, srid=4326))
    again = geojson([(square(0), {"id": "c", "name": "甲苑"}), (square(1), {"id": "b", "name": "乙苑"})])
    made = apply(town, again, "compounds", end_missing=True).plan
    assert endings(made) == {"a": ("end", ["not_in_the_file", "ends_as_compound"])}
    assert set(Compound.objects.standing().values_list("source_id", flat=True)) == {"b", "c"}
    building.refresh_from_db()
    assert building.compound is None
    assert not Entrance.objects.standing().exists()


def test_a_street_ends(geojson: Callable[..., Path], town: Community) -> None:
    lines = [
        (shapely.LineString([(121.4, 31.2 + n / 1000), (121.41, 31.2 + n / 1000)]), {"id": n})
        for n in range(2)
    ]
    apply(town, geojson(lines), "streets")
    apply(town, geojson(lines[:1]), "streets", end_missing=True)
    assert Street.objects.standing().count() == 1


# Grids


def test_a_grid_that_ends_gives_its_buildings_to_the_one_that_takes_its_ground(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(flat(2)), "grids")
    apply(town, geojson(houses(8)))
    rest = Grid.objects.get(name="第2网格")
    assert Building.objects.filter(grid=rest).exists()
    new = [
        (square(0), {"网格名称": "第1网格", "网格编码": "01"}),
        (square(1), {"网格名称": "第2网格", "网格编码": "09"}),
    ]
    made = apply(town, geojson(new), "grids", end_missing=True).plan
    check_now()
    assert endings(made) == {"02": ("end", ["not_in_the_file", "ends_with_buildings"])}
    homes = set(Building.objects.values_list("grid__code", flat=True))
    assert homes == {"01", "09"}, "its name and its ground were free for the new one"


def test_buildings_of_a_grid_that_ends_go_where_they_lie_whoever_placed_them(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(flat(2)), "grids")
    apply(town, geojson(houses(1)))
    building = Building.objects.get()
    place_in_grid(building=building, grid=Grid.objects.get(name="第2网格"))
    apply(town, geojson(flat(1)), "grids", end_missing=True)
    check_now()
    building.refresh_from_db()
    assert building.grid.name == "第1网格"


def test_a_grid_with_grids_below_it_stays_and_says_so(geojson: Callable[..., Path], town: Community) -> None:
    apply(
        town,
        geojson([(square(0), {"code": "1", "name": "甲"}), (square(1), {"code": "2", "name": "乙"})]),
        "grids",
    )
    draw_grid(community=town, parent=Grid.objects.get(name="乙"), name="手绘", geometry=geos(square(1)))
    made = apply(town, geojson([(square(0), {"code": "1", "name": "甲"})]), "grids", end_missing=True).plan
    assert endings(made)["2"][0] == "refuse"
    assert endings(made)["2"][1][0] == "grid_holds_grids"
    assert (made.counts["missing"], Grid.objects.standing().filter(name="乙").exists()) == (1, True)


def test_a_branch_ends_as_a_whole(geojson: Callable[..., Path], town: Community) -> None:
    def branch(code: str, column: int) -> list[Any]:
        return [
            (square(column), {"code": code, "name": f"片区{code}"}),
            (square(column), {"code": f"{code}1", "name": f"网格{code}1", "parent": code}),
        ]

    apply(town, geojson([*branch("A", 0), *branch("B", 1)]), "grids")
    apply(town, geojson(branch("A", 0)), "grids", end_missing=True)
    check_now()
    assert set(Grid.objects.standing().exclude(source_id="").values_list("source_id", flat=True)) == {
        "A",
        "A1",
    }


@pytest.mark.parametrize("end_missing", [True, False])
def test_the_root_and_the_unassigned_grid_never_end(
    geojson: Callable[..., Path], town: Community, end_missing: bool
) -> None:
    apply(town, geojson(flat(1)), "grids", end_missing=end_missing)
    assert Grid.objects.standing().filter(kind__in=["community", "unassigned"]).count() == 2
