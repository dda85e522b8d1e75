"""What a clerk does who brings buildings in: from a file to homes on the map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PLAIN, SignedIn
from tests.e2e.site import Site
from tests.waiting import until

Ring = list[list[float]]
BROKEN = "一行是点"


def park_of(site: Site) -> tuple[float, float]:
    """A place inside the largest park: no building stands there."""
    return site.database.rows(  # type: ignore[no-any-return]
        "SELECT ST_X(at), ST_Y(at) FROM (SELECT ST_PointOnSurface(geometry) AS at FROM places_landcover"
        " WHERE kind = 'park' AND community_id = %s ORDER BY ST_Area(geometry) DESC LIMIT 1) AS park",
        site.community,
    )[0]


def square(lon: float, lat: float) -> Ring:
    """About 14 m by 17 m."""
    corners = [(0.0, 0.0), (0.00015, 0.0), (0.00015, 0.00015), (0.0, 0.00015), (0.0, 0.0)]
    return [[lon + east, lat + north] for east, north in corners]


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def written(path: Path, features: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def send(page: Page, file: Path) -> None:
    page.locator("input[name=kind][value=buildings]").check()
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/admin/places/importrun/*/change/")


def test_a_clerk_brings_a_building_in_and_cuts_it_into_homes(
    signed_in_as: SignedIn, site: Site, tmp_path: Path
) -> None:
    lon, lat = park_of(site)
    good = feature(
        {"type": "Polygon", "coordinates": [square(lon, lat)]}, id="new1", name="导入的楼", floors=3
    )
    bad = feature({"type": "Point", "coordinates": [lon, lat]}, id="new2", name=BROKEN)
    page = signed_in_as("admin", "/admin/places/importrun/add/")
    send(page, written(tmp_path / "楼栋.geojson", [good, bad]))
    expect(page.get_by_text("目前尚未作任何更改").first).to_be_visible()
    refused = page.locator("tr.row--refuse")
    expect(refused).to_contain_text("new2")
    expect(refused).to_contain_text("楼栋要用轮廓")
    page.get_by_role("button", name="执行导入").click()
    expect(page.locator("section[role=status]")).to_contain_text("导入已完成")
    page.get_by_role("link", name="new1").click()
    pk = int(page.url.rstrip("/").split("/")[-2])
    page.goto(f"{site.url}/admin/places/building/?q=导入的楼")
    page.locator("input[name=_selected_action]").check()
    page.select_option("select[name=action]", "cut")
    page.locator("button[name=index]").click()
    expect(page.locator(".messagelist")).to_contain_text("导入的楼")
    homes = site.database.rows("SELECT count(*) FROM places_dwelling WHERE building_id = %s", pk)[0][0]
    assert homes >= 3
    page.goto(f"{site.url}/?{PLAIN}&sel=building:{pk}")
    expect(page.get_by_text("导入的楼").first).to_be_visible()


def test_a_file_with_swapped_axes_is_refused_by_name(
    signed_in_as: SignedIn, site: Site, tmp_path: Path
) -> None:
    lon, lat = park_of(site)
    swapped = [[y, x] for x, y in square(lon, lat)]
    page = signed_in_as("admin", "/admin/places/importrun/add/")
    send(
        page,
        written(tmp_path / "反了.geojson", [feature({"type": "Polygon", "coordinates": [swapped]}, id="s1")]),
    )
    told = page.get_by_role("alert")
    expect(told).to_contain_text("未作任何更改")
    expect(told).to_contain_text("经度和纬度写反了")
    expect(told).to_contain_text("swapped_axes")
    assert site.database.rows("SELECT count(*) FROM places_building WHERE source_id = 's1'") == [(0,)]


def test_a_shape_finds_its_row_and_a_row_its_shape(
    signed_in_as: SignedIn, site: Site, tmp_path: Path
) -> None:
    lon, lat = park_of(site)
    houses = [
        feature({"type": "Polygon", "coordinates": [square(lon + n * 0.0004, lat)]}, id=f"m{n}", floors=2)
        for n in range(3)
    ]
    bad = feature({"type": "Point", "coordinates": [lon, lat + 0.0004]}, id="m9")
    page = signed_in_as("admin", "/admin/places/importrun/add/")
    send(page, written(tmp_path / "预览.geojson", [*houses, bad]))
    until(lambda: page.locator(".report-map[data-ready]").count() == 1, "the map is drawn")
    expect(page.locator(".report-map__told")).to_contain_text("地图上有 4 个图形")
    expect(page.locator(".report-map__legend")).to_contain_text("社区中已有")
    map_ = page.locator(".report-map__canvas")
    map_.scroll_into_view_if_needed()
    x, y = page.evaluate("at => window.__twinReport.project(at)", [lon + 0.0004 + 0.00004, lat + 0.00004])
    map_.click(position={"x": x, "y": y})
    expect(page.locator("tr.row--chosen")).to_contain_text("m1")
    before = page.evaluate("at => window.__twinReport.project(at)", [lon, lat + 0.0004])
    page.locator("tr.row--refuse [data-show]").click()
    expect(page.locator("tr.row--chosen")).to_contain_text("m9")
    after = page.evaluate("at => window.__twinReport.project(at)", [lon, lat + 0.0004])
    box = map_.bounding_box()
    assert box is not None
    assert before != after, "the map went there"
    assert abs(after[0] - box["width"] / 2) < 5
    assert abs(after[1] - box["height"] / 2) < 5
