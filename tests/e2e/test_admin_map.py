"""What a clerk does on the maps of the back office."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignedIn
from tests.e2e.site import Site
from tests.waiting import until

Position = tuple[float, float]


def open_form(signed_in_as: SignedIn, path: str) -> Page:
    page = signed_in_as("admin", f"/admin/{path}")
    until(lambda: page.locator(".twin-map[data-ready]").count() == 1, "the map is drawn")
    page.locator(".twin-map__canvas").scroll_into_view_if_needed()
    return page


def pixel_of(page: Page, field: str, position: Position) -> Position:
    """Where a place on the map lies in the window, in CSS pixels."""
    x, y = page.evaluate("([id, at]) => window.__twinShapes.get(id).project(at)", [field, position])
    box = page.locator(".twin-map__canvas").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def place_at(page: Page, field: str, share: Position) -> Position:
    """The window's pixel at a share of the map's width and height."""
    box = page.locator(".twin-map__canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * share[0], box["y"] + box["height"] * share[1]


def written(page: Page, field: str) -> Any:
    return json.loads(page.locator(f"#{field}").input_value() or "null")


def stored(site: Site, table: str, column: str, pk: int) -> Any:
    return json.loads(
        site.database.rows(f"SELECT ST_AsGeoJSON({column}, 15) FROM {table} WHERE id = %s", pk)[0][0]
    )


def test_a_clerk_moves_a_corner_of_a_building(signed_in_as: SignedIn, site: Site) -> None:
    (pk,) = site.database.rows(
        "SELECT id FROM places_building WHERE cut = 'none' AND ST_NPoints(footprint) = 5 ORDER BY ST_Area(footprint) DESC"
    )[0]
    before = stored(site, "places_building", "footprint", pk)["coordinates"]
    page = open_form(signed_in_as, f"places/building/{pk}/change/")
    corner = before[0][0][2]
    x, y = pixel_of(page, "id_footprint", corner)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8, steps=4)
    page.mouse.move(x + 16, y + 16, steps=4)
    page.mouse.up()
    until(lambda: written(page, "id_footprint")["coordinates"] != before, "the text follows the map")
    page.locator("input[name=_save]").click()
    page.wait_for_url("**/admin/places/building/")
    after = stored(site, "places_building", "footprint", pk)["coordinates"]
    moved = [b for b, a in zip(before[0][0][:-1], after[0][0][:-1], strict=True) if abs(b[0] - a[0]) > 1e-7]
    assert moved == [corner]
    assert after[0][0][0] == after[0][0][-1], "still closed"


def test_a_clerk_draws_a_park_with_a_hole(signed_in_as: SignedIn, site: Site) -> None:
    page = open_form(signed_in_as, "places/landcover/add/")
    page.fill("#id_name", "画出来的公园")
    page.select_option("#id_kind", "park")
    draw(page, [(0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)])
    until(lambda: written(page, "id_geometry") is not None, "the park is drawn")
    page.locator("[data-tool=hole]").click()
    draw(page, [(0.45, 0.45), (0.55, 0.45), (0.5, 0.6)])
    until(lambda: len(written(page, "id_geometry")["coordinates"][0]) == 2, "the hole is cut")
    page.locator("input[name=_save]").click()
    page.wait_for_url("**/admin/places/landcover/")
    rows = site.database.rows(
        "SELECT ST_NumInteriorRings(ST_GeometryN(geometry, 1)), ST_IsValid(geometry) FROM places_landcover"
        " WHERE name = '画出来的公园'"
    )
    assert rows == [(1, True)]


def draw(page: Page, corners: list[Position]) -> None:
    """Click every corner, then the first one again."""
    for share in [*corners, corners[0]]:
        x, y = place_at(page, "id_geometry", share)
        page.mouse.move(x, y, steps=3)
        page.mouse.click(x, y)


def test_nonsense_in_the_text_is_told_and_the_drawing_stays(signed_in_as: SignedIn, site: Site) -> None:
    (pk,) = site.database.rows(
        "SELECT id FROM places_grid WHERE geometry IS NOT NULL AND parent_id IS NOT NULL"
    )[0]
    page = open_form(signed_in_as, f"places/grid/{pk}/change/")
    page.get_by_text("以文本填写").click()
    page.locator("#id_geometry").fill('{"type": "Polygon", "coordinates": [[[31, 122], [31, 12')
    expect(page.get_by_role("alert")).to_contain_text("不是有效的 JSON")
    expect(page.get_by_role("status")).to_contain_text("共 1 部分")
    page.locator("#id_geometry").fill("")
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.get_by_role("status")).to_contain_text("尚未绘制")
