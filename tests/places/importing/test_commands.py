"""The commands, as they are typed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.places.importing.conftest import house, houses
from twin.places import actions
from twin.places.management.commands import cut_buildings as cutting
from twin.places.models import Building, Community, Dwelling, ImportRun


def said(*words: Any) -> str:
    out = StringIO()
    call_command(*[str(word) for word in words], stdout=out)
    return out.getvalue()


def test_a_dry_run_tells_and_changes_nothing(geojson: Callable[..., Path], town: Community) -> None:
    told = said(
        "import_places", geojson(houses(3)), "--community", town.pk, "--kind", "buildings", "--dry-run"
    )
    assert "floors_from_height" in told
    assert "id_from_column" in told
    assert not Building.objects.exists()


def test_an_import_is_done_and_recorded_under_the_name_of_the_file(
    geojson: Callable[..., Path], town: Community
) -> None:
    said("import_places", geojson(houses(3)), "--community", town.name, "--kind", "buildings")
    assert set(Building.objects.values_list("source", flat=True)) == {"houses"}
    run = ImportRun.objects.get()
    assert (run.state, run.file_name, len(run.sha256)) == ("applied", "houses.geojson", 64)


def test_every_row_is_written_for_a_spreadsheet(
    geojson: Callable[..., Path], town: Community, tmp_path: Path
) -> None:
    path = geojson([*houses(1), (house(1), {"id": "=1+1", "height": 5000})])
    said(
        "import_places",
        path,
        "--community",
        town.pk,
        "--kind",
        "buildings",
        "--dry-run",
        "--rows",
        tmp_path / "rows.csv",
    )
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["verdict"] for row in rows] == ["create", "refuse"]
    assert rows[1]["source_id"] == "'=1+1"
    assert rows[1]["codes"] == "height_is_implausible"


def test_what_would_end_is_told_and_ends_without_dry_run(
    geojson: Callable[..., Path], town: Community
) -> None:
    words = ("--community", town.pk, "--kind", "buildings", "--source", "测绘")
    said("import_places", geojson(houses(2)), *words)
    told = said("import_places", geojson(houses(1)), *words, "--end-missing", "--dry-run")
    assert "† – (h1): not_in_the_file" in told
    assert Building.objects.standing().count() == 2
    said("import_places", geojson(houses(1)), *words, "--end-missing")
    assert Building.objects.standing().count() == 1


def test_columns_and_values_are_stated_as_pairs(geojson: Callable[..., Path], town: Community) -> None:
    path = geojson([(house(), {"H": 30, "height": 3})])
    said(
        "import_places",
        path,
        "--community",
        town.pk,
        "--kind",
        "buildings",
        "--field",
        "height=H",
        "--set",
        "use=办公",
    )
    assert Building.objects.values_list("height_m", "use").get() == (30, "office")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--crs", "mars"], "unknown_system"),
        (["--crs", "EPSG:3857"], "degrees_as_metres"),
        (["--field", "height"], "FIELD=VALUE"),
        (["--source", "x" * 100], "source"),
        (["--default-floors", "0"], "default_floors"),
    ],
)
def test_what_is_wrong_is_said_by_name(
    geojson: Callable[..., Path], town: Community, words: list[str], code: str
) -> None:
    with pytest.raises(CommandError, match=code):
        said("import_places", geojson(houses(3)), "--community", town.pk, "--kind", "buildings", *words)
    assert not Building.objects.exists()


def test_an_unknown_community_is_answered_with_those_that_are(
    geojson: Callable[..., Path], town: Community
) -> None:
    with pytest.raises(CommandError, match=town.name):
        said("import_places", geojson(houses(1)), "--community", "无此社区", "--kind", "buildings")


def test_cutting_goes_on_where_it_was_broken_off(
    geojson: Callable[..., Path], town: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("import_places", geojson(houses(4)), "--community", town.pk, "--kind", "buildings")

    def interrupted(buildings: Any, *, done: Any) -> int:
        def until_two(*told: Any) -> None:
            done(*told)
            if Building.objects.exclude(cut="none").count() == 2:
                raise KeyboardInterrupt

        return actions.cut_buildings(buildings, done=until_two)

    monkeypatch.setattr(cutting, "cut_buildings", interrupted)
    with pytest.raises(CommandError, match="2 buildings are left"):
        said("cut_buildings", "--community", town.pk)
    monkeypatch.undo()
    first = set(Dwelling.objects.values_list("id", flat=True))
    assert "2 buildings cut" in said("cut_buildings", "--community", town.pk)
    assert first < set(Dwelling.objects.values_list("id", flat=True))
    assert "0 buildings cut" in said("cut_buildings", "--community", town.pk)


def test_what_cannot_be_cut_is_told_and_left(
    geojson: Callable[..., Path], town: Community, tmp_path: Path
) -> None:
    rows = [*houses(1), (house(5, size=0.00001), {"id": "kiosk", "height": 3})]
    said("import_places", geojson(rows), "--community", town.pk, "--kind", "buildings")
    told = said("cut_buildings", "--community", town.pk, "--failures", tmp_path / "failures.csv")
    assert "1 buildings cut" in told
    assert "(kiosk)" in told
    with (tmp_path / "failures.csv").open(encoding="utf-8-sig") as file:
        assert [row["source_id"] for row in csv.DictReader(file)] == ["kiosk"]


def test_only_buildings_to_live_in_are_cut_unless_all_are_asked_for(
    geojson: Callable[..., Path], town: Community
) -> None:
    rows = [
        (house(0), {"id": 1, "height": 9, "use": "住宅"}),
        (house(1), {"id": 2, "height": 9, "use": "办公"}),
    ]
    said("import_places", geojson(rows), "--community", town.pk, "--kind", "buildings")
    assert "1 buildings cut" in said("cut_buildings", "--community", town.pk)
    assert "1 buildings cut" in said("cut_buildings", "--community", town.pk, "--use", "all")


def test_one_building_can_be_cut(geojson: Callable[..., Path], town: Community) -> None:
    said("import_places", geojson(houses(2)), "--community", town.pk, "--kind", "buildings")
    building = Building.objects.get(source_id="h1")
    said("cut_buildings", "--community", town.pk, "--building", building.pk)
    assert set(Dwelling.objects.values_list("building", flat=True)) == {building.pk}


def test_a_community_is_founded_with_the_boundary_of_a_file(geojson: Callable[..., Path], db: None) -> None:
    said(
        "found_community",
        "海棠湾",
        "--boundary",
        geojson([(house(), {}), (house(1), {})]),
        "--storey-height",
        "3.1",
    )
    community = Community.objects.get(name="海棠湾")
    assert (len(community.boundary), community.storey_height_m) == (2, 3.1)
    with pytest.raises(CommandError, match="community_name_is_unique"):
        said("found_community", "海棠湾")
