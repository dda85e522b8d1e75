"""All or nothing, once, and told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import connection, transaction

from tests.places.importing.conftest import apply, codes, house, houses, plan, request, verdicts
from tests.places.test_grids import check_now
from twin.base.errors import Conflict
from twin.base.events import _within, listen
from twin.places import shape_versions
from twin.places.actions import change_building, cut_building, end_building
from twin.places.events import ShapesChanged
from twin.places.importing.applying import apply_import
from twin.places.importing.events import BuildingsImported
from twin.places.models import Building, BuildingGridHistory, Community, ImportRow, ImportRun, ShapeVersion


@pytest.fixture
def heard() -> Any:
    """What listeners inside the transaction are told."""
    events: list[Any] = []
    for kind in (BuildingsImported, ShapesChanged):
        listen(kind, within=True)(events.append)
    yield events
    for kind in (BuildingsImported, ShapesChanged):
        _within[kind].remove(events.append)


def test_a_dry_run_changes_nothing(geojson: Callable[..., Path], town: Community) -> None:
    plan(town, geojson(houses(3)))
    assert not Building.objects.exists()
    assert not ImportRun.objects.exists()


def test_buildings_arrive_with_all_that_is_known(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(1, name="一号楼", 单元数=3, 建成年份="1998年", use="住宅")))
    building = Building.objects.get()
    assert (building.source, building.source_id, building.name) == ("测绘", "h0", "一号楼")
    assert (building.height_m, building.floors_above, building.units_stated, building.year_built) == (
        18,
        6,
        3,
        1998,
    )
    assert (building.grid.kind, building.cut, building.skipped_floors) == ("unassigned", "none", [])
    assert building.anchor.within(building.footprint)
    assert BuildingGridHistory.objects.get(building=building).grid == building.grid
    check_now()


def test_a_second_time_changes_nothing(
    geojson: Callable[..., Path], town: Community, heard: list[Any]
) -> None:
    path = geojson(houses(3))
    apply(town, path)
    before = list(Building.objects.values().order_by("id"))
    heard.clear()
    assert verdicts(apply(town, path).plan) == ["unchanged"] * 3
    assert list(Building.objects.values().order_by("id")) == before
    assert not heard


def test_a_later_file_updates_by_id_and_tells_from_what_to_what(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(3, name="旧名")))
    rows = [
        (house(0), {"id": "h0", "height": 18, "name": "新名"}),
        (house(1), {"id": "h1", "height": 30, "name": "旧名"}),
        (house(7), {"id": "h2", "height": 18, "name": "旧名"}),
        (house(9), {"id": "h9", "height": 18, "name": "新楼"}),
    ]
    result = apply(town, geojson(rows))
    assert verdicts(result.plan) == ["change", "change", "change", "create"]
    assert result.plan.rows[0].changes == {"name": ("旧名", "新名")}
    assert result.plan.rows[1].changes == {"height_m": (18.0, 30.0), "floors_above": (6, 10)}
    assert list(result.plan.rows[2].changes) == ["shape"]
    assert Building.objects.get(source_id="h2").footprint.extent[0] == pytest.approx(house(7).bounds[0])
    assert Building.objects.get(source_id="h0").name == "新名"
    assert Building.objects.count() == 4


def test_what_a_file_does_not_say_stays(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(1, name="一号楼")))
    change_building(building=Building.objects.get(), address="海棠路1号", floors_above=7)
    result = apply(town, geojson([(house(), {"id": "h0", "height": 18, "name": None})]))
    assert verdicts(result.plan) == ["unchanged"]
    building = Building.objects.get()
    assert (building.name, building.address, building.floors_above) == ("一号楼", "海棠路1号", 7)


def test_a_shape_saved_again_by_another_program_has_not_moved(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(1)))
    turned = shapely.Polygon(list(house().reverse().exterior.coords)[1:])
    nudged = shapely.transform(turned, lambda points: points + 1e-10)
    assert verdicts(plan(town, geojson([(nudged, {"id": "h0", "height": 18})]))) == ["unchanged"]


def test_places_that_are_not_in_the_file_stay_and_are_counted(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(3)))
    assert apply(town, geojson(houses(1))).plan.counts["missing"] == 2
    assert Building.objects.standing().count() == 3


def test_a_building_that_has_ended_is_built_anew(geojson: Callable[..., Path], town: Community) -> None:
    path = geojson(houses(1))
    apply(town, path)
    end_building(building=Building.objects.get())
    assert verdicts(apply(town, path).plan) == ["create"]
    assert Building.objects.count() == 2


def test_a_cut_that_no_longer_fits_is_said(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(1)))
    cut_building(building=Building.objects.get())
    assert "cut_no_longer_fits" in codes(plan(town, geojson([(house(), {"id": "h0", "height": 30})])).rows[0])
    assert "cut_no_longer_fits" not in codes(plan(town, geojson(houses(1, name="新名"))).rows[0])


def test_it_is_told_once(geojson: Callable[..., Path], town: Community, heard: list[Any]) -> None:
    apply(town, geojson(houses(50)))
    kinds = [type(event).__name__ for event in heard]
    assert kinds == ["BuildingsImported", "ShapesChanged"]
    assert (heard[0].created, heard[0].changed, heard[0].source) == (50, 0, "测绘")


def test_shape_versions_rise_where_houses_came_and_nowhere_else(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson([(house(0), {"id": 1, "height": 9}), (house(400), {"id": 2, "height": 9})]))
    raised = set(ShapeVersion.objects.values_list("x", "y"))
    expected = {(b.x, b.y) for n in (0, 400) for b in shape_versions.blocks_of_geometry(house(n))}
    assert expected <= raised
    assert len(raised) <= len(expected) + 2


def test_nothing_stays_of_an_import_that_fails_at_the_end(
    geojson: Callable[..., Path], town: Community
) -> None:
    path = geojson(houses(5))
    with (
        connection.cursor() as cursor
    ):  # the database refuses the fourth house, for a reason that no check knows
        cursor.execute("ALTER TABLE places_building ADD CONSTRAINT no_fourth_house CHECK (source_id <> 'h3')")
    try:
        with pytest.raises(Conflict, match="no_fourth_house"), transaction.atomic():
            apply(town, path)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE places_building DROP CONSTRAINT no_fourth_house")
    assert not Building.objects.exists()
    assert not ImportRun.objects.exists()
    assert not ShapeVersion.objects.exists()


def test_a_plan_that_was_looked_at_is_not_applied_to_another_world(
    geojson: Callable[..., Path], town: Community
) -> None:
    path = geojson(houses(2))
    digest = plan(town, path).digest()
    apply(town, geojson(houses(1), name="other.geojson"))
    with pytest.raises(Conflict) as refused:
        apply_import(request=request(town, path), expected_digest=digest)
    assert refused.value.code == "plan_changed"
    assert Building.objects.count() == 1


def test_what_was_done_is_recorded_row_by_row(geojson: Callable[..., Path], town: Community) -> None:
    run = apply(town, geojson([*houses(2), (None, {"id": "bad"})])).run
    assert (run.state, run.report["counts"]["create"], run.report["counts"]["refuse"]) == ("applied", 2, 1)
    rows = list(ImportRow.objects.filter(run=run).order_by("number"))
    assert [row.verdict for row in rows] == ["create", "create", "refuse"]
    assert rows[0].place_id == Building.objects.get(source_id="h0").pk
    assert rows[2].notes == [{"code": "no_geometry"}]
