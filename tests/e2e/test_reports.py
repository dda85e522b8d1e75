"""An office makes a report: ticks it together, draws an area, reads it, keeps it, takes it out as a file."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignedIn
from tests.e2e.looking import opened
from tests.e2e.site import Site
from tests.waiting import until

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1600, "height": 1000}}
HOMES = """
    SELECT count(*) FROM people_household AS household
    JOIN places_dwelling AS dwelling ON dwelling.id = household.dwelling_id
    JOIN places_building AS building ON building.id = dwelling.building_id
    JOIN places_grid AS grid ON grid.id = building.grid_id
    WHERE household.ended_at IS NULL AND dwelling.community_id = %s
"""
BUILT = """
    SELECT st_xmin(box), st_ymin(box), st_xmax(box), st_ymax(box)
    FROM (SELECT ST_Extent(footprint) AS box FROM places_building WHERE community_id = %s) AS built
"""
INSIDE = " AND ST_Within(ST_PointOnSurface(dwelling.footprint), ST_SetSRID(ST_GeomFromGeoJSON(%s), 4326))"


def by(name: str) -> str:
    return f"[data-test={name}]"


@pytest.fixture
def desk(signed_in_as: SignedIn, site: Site) -> Page:
    """A community admin at the desk, with nothing asked yet."""
    page = signed_in_as("admin", f"/desk/reports/?community={site.community}", **DESK)
    expect(page.locator(f"{by('area-map')}[data-ready]")).to_be_visible()
    return page


def shown(page: Page) -> int:
    """How many rows the report says that it has."""
    expect(page.locator(by("row")).first).to_be_visible()
    found = re.match(r"([\d,]+)", page.locator(f"{by('table')} .subtitle").inner_text())
    assert found is not None
    return int(found[1].replace(",", ""))


def ask(page: Page) -> int:
    with page.expect_response(lambda answer: answer.url.endswith("/api/reports/run/")):
        page.click(by("run"))
    return shown(page)


def test_a_report_of_households_has_as_many_rows_as_the_database(desk: Page, site: Site) -> None:
    desk.click(by("of-household"))
    assert ask(desk) == site.database.rows(HOMES, site.community)[0][0]
    grid, path = site.database.rows(
        "SELECT id, path FROM places_grid WHERE community_id = %s AND ended_at IS NULL AND name <> '未划分'"
        " AND NOT EXISTS (SELECT 1 FROM places_grid AS below WHERE below.parent_id = places_grid.id) ORDER BY id LIMIT 1",
        site.community,
    )[0]  # fmt: skip
    desk.click(by("area-grid"))
    desk.locator(by("area-grid-select")).select_option(str(grid))
    expect(desk.locator(".stale")).to_be_visible()
    assert ask(desk) == site.database.rows(HOMES + " AND grid.path LIKE %s", site.community, f"{path}%")[0][0]
    desk.reload()
    expect(desk.locator(by("area-grid-select"))).to_have_value(str(grid))
    assert shown(desk) > 0, "the address brings the whole report back"


def test_a_drawn_polygon_holds_the_homes_inside_it(desk: Page, site: Site) -> None:
    west, south, east, north = site.database.rows(BUILT, site.community)[0]
    x, y, width, height = (west + east) / 2, (south + north) / 2, (east - west) / 3, (north - south) / 3
    corners = [
        (x - width, y - height),
        (x + width, y - height),
        (x + width, y + height),
        (x - width, y + height),
    ]
    desk.click(by("of-household"))
    desk.click(by("area-polygon"))
    for corner in [*corners, corners[0]]:
        left, top = desk.evaluate("p => window.__twinArea.project(p)", list(corner))
        desk.locator(f"{by('area-map')} canvas").click(position={"x": left, "y": top})
    until(lambda: "polygon:" in desk.evaluate("location.search"), "the outline is in the address")
    pairs = re.search(r"polygon:([^&]+)", desk.evaluate("location.search"))
    assert pairs is not None
    ring = [[float(n) for n in pair.split(",")] for pair in pairs[1].split(";")]
    assert len(ring) == 4
    drawn = f'{{"type": "Polygon", "coordinates": [{[*ring, ring[0]]}]}}'
    wanted = site.database.rows(HOMES + INSIDE, site.community, drawn)[0][0]
    assert ask(desk) == wanted
    desk.reload()
    expect(desk.locator(f"{by('area-map')}[data-ready]")).to_be_visible()
    assert shown(desk) == wanted, "the outline is on the map again, and the page rests"


def test_a_saved_report_is_opened_again_and_ended(desk: Page, site: Site) -> None:
    desk.locator(by("age-80")).click()
    desk.locator(by("field-birth_year")).check()
    desk.click(by("form-save"))
    desk.fill(by("form-name"), "八十岁以上")
    desk.locator(by("form-shared")).check()
    desk.click(by("form-send"))
    mine = desk.locator(by("form"), has_text="八十岁以上")
    expect(mine).to_be_visible()
    assert site.database.rows("SELECT shared, question -> 'filters' ->> 'age_from' FROM reports_reportform"
                              " WHERE name = %s AND ended_at IS NULL", "八十岁以上") == [(True, "80")]  # fmt: skip
    desk.goto(f"{site.url}/desk/")
    expect(desk.locator(by("field-birth_year"))).not_to_be_checked()
    desk.locator(by("form"), has_text="八十岁以上").locator("button.name").click()
    expect(desk.locator(by("field-birth_year"))).to_be_checked()
    expect(desk.locator(by("age-80"))).to_have_attribute("aria-pressed", "true")
    assert shown(desk) > 0
    mine.locator(by("form-remove")).click()
    desk.click(by("form-really"))
    expect(mine).to_have_count(0)


def test_names_are_masked_on_the_screen_and_in_both_files(desk: Page) -> None:
    desk.locator(by("age-80")).click()
    rows = ask(desk)
    header = desk.locator(f"{by('table')} th", has=desk.locator(".mask"))
    assert "姓名" in " ".join(header.all_inner_texts())
    with desk.expect_download() as download:
        desk.click(by("export-xlsx"))
    assert download.value.suggested_filename.endswith(".xlsx")
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()), read_only=True)
    cells = [list(row) for row in book.active.iter_rows(values_only=True)]
    names = next(n for n, row in enumerate(cells) if "姓名" in row)
    column = cells[names].index("姓名")
    assert len(cells) - names - 1 == rows
    assert all("*" in str(row[column]) for row in cells[names + 1 :])
    with desk.expect_download() as download:
        desk.click(by("export-csv"))
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    assert len(list(csv.reader(StringIO(text)))) == rows + 1


def test_a_tag_of_the_chart_narrows_the_report_and_a_row_leads_to_its_window(desk: Page, site: Site) -> None:
    everybody = ask(desk)
    desk.locator(f"{by('tag-counts')} [data-test^=count-]").first.click()
    assert 0 < ask(desk) < everybody
    desk.locator(by("row")).first.locator("td").nth(1).click()
    until(lambda: str(opened(desk)).startswith("dwelling:"), "the window is open on the map")
    until(lambda: desk.evaluate("window.__twin?.map.getZoom() ?? 0") > 17, "and the camera has flown there")


def test_a_chart_is_a_table_too(desk: Page, site: Site) -> None:
    pyramid = desk.locator(by("pyramid"))
    pyramid.locator(by("as-table")).click()
    said = pyramid.locator("td").all_inner_texts()
    people = site.database.rows(
        "SELECT count(DISTINCT person_id) FROM people_residence WHERE upper_inf(during) AND basis = 'actual'"
        " AND community_id = %s", site.community,
    )[0][0]  # fmt: skip
    assert sum(int(number.replace(",", "")) for number in said) == people


def test_who_does_not_work_with_people_makes_no_reports(signed_in_as: SignedIn, site: Site) -> None:
    page = signed_in_as("planner", "/desk/reports/", **DESK)
    expect(page.get_by_text("您的角色不制作报表")).to_be_visible()
    page.locator(by("user-menu")).click()
    expect(page.locator(by("reports-link"))).to_have_count(0)


def test_the_menu_leads_to_the_reports(duty: Page) -> None:
    duty.locator(by("user-menu")).click()
    duty.locator(by("reports-link")).click()
    expect(duty.locator(by("desk"))).to_be_visible()


def test_on_a_phone_the_page_is_as_wide_as_the_screen(signed_in_as: SignedIn, site: Site) -> None:
    page = signed_in_as("admin", "/desk/reports/?page=1", **PHONE)
    expect(page.locator(by("row")).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.querySelector('.page').scrollWidth") == 390
