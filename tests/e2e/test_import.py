"""What a clerk does who brings buildings in: from a file to homes on the map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PLAIN, SignedIn
from tests.e2e.site import Site

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
    expect(page.get_by_role("status")).to_contain_text("导入已完成")
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
