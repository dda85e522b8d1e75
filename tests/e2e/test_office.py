"""What a clerk does in the back office besides bringing buildings in: a roster with a doubtful address, and cutting."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignedIn
from tests.e2e.site import Site
from tests.e2e.test_import import feature, park_of, square, written

HOME = """
    SELECT dwelling.id, building.address || unit.number || '单元' || dwelling.room
    FROM places_dwelling AS dwelling
    JOIN places_unit AS unit ON unit.id = dwelling.unit_id
    JOIN places_building AS building ON building.id = dwelling.building_id
    WHERE unit.number <> '' AND building.address <> ''
      AND NOT EXISTS (SELECT FROM people_residence AS stay WHERE stay.dwelling_id = dwelling.id)
    ORDER BY dwelling.id LIMIT 1
"""
LIVES = """
    SELECT stay.dwelling_id FROM people_residence AS stay JOIN people_person AS person ON person.id = stay.person_id
    WHERE person.name = %s AND stay.basis = 'actual' AND upper_inf(stay.during)
"""
HEADER = "姓名,与户主关系,性别,现住址"


def sent(page: Page, roster: Path) -> None:
    page.locator("#id_file").set_input_files(roster)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/admin/people/rosterrun/*/change/")


def test_a_clerk_brings_a_roster_in_and_decides_the_address_that_is_doubtful(
    signed_in_as: SignedIn, site: Site, tmp_path: Path
) -> None:
    dwelling, address = site.database.rows(HOME)[0]
    roster = tmp_path / "花名册.csv"
    rows = [HEADER, f"示明,户主,男,{address}", "示疑,户主,女,老码头边上二楼", f"示9错,户主,男,{address}"]
    roster.write_text("\n".join(rows), "utf-8")
    page = signed_in_as("admin", "/admin/people/rosterrun/add/")
    page.locator("form.sheet").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("alert")).to_contain_text("请先选择本机上的文件")

    sent(page, roster)
    expect(page.locator("tr.row--refuse")).to_contain_text("请只写姓名")
    expect(page.locator("tr.row--wait")).to_contain_text("老码头边上二楼")
    assert site.database.rows(LIVES, "示明") == []
    page.get_by_role("button", name="执行导入").click()
    expect(page.locator("section[role=status]")).to_contain_text("导入已完成")
    assert site.database.rows(LIVES, "示明") == [(dwelling,)]
    assert site.database.rows(LIVES, "示疑") == []

    page.get_by_role("link", name="现在去认定").click()
    page.get_by_role("link", name="老码头边上二楼").click()
    page.fill("#id_dwelling", str(dwelling))
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert site.database.rows(LIVES, "示疑") == [(dwelling,)]


def test_a_clerk_counts_what_would_be_cut_and_then_cuts_it(
    signed_in_as: SignedIn, site: Site, tmp_path: Path
) -> None:
    lon, lat = park_of(site)
    house = feature(
        {"type": "Polygon", "coordinates": [square(lon, lat + 0.001)]}, id="cut1", name="待分的楼", floors=2
    )
    file = written(tmp_path / "待分.geojson", [house])
    site.manage("import_places", str(file), "--community", str(site.community), "--kind", "buildings")
    homes = (
        "SELECT count(*) FROM places_dwelling AS dwelling JOIN places_building AS building"
        " ON building.id = dwelling.building_id WHERE building.source_id = 'cut1'"
    )
    page = signed_in_as("admin", "/admin/places/cutrun/add/")
    page.select_option("select[name=which]", "compound")
    page.get_by_role("button", name="查看数量").click()
    expect(page.locator(".field--wrong")).to_contain_text("小区")
    expect(page.get_by_role("button", name="开始划分")).to_have_count(0)

    page.select_option("select[name=which]", "all")
    page.get_by_role("button", name="查看数量").click()
    expect(page.locator(".panel--ask")).to_contain_text("尚未划分: 1")
    assert site.database.rows(homes) == [(0,)], "counting cuts nothing"
    page.get_by_role("button", name="开始划分").click()
    expect(page.locator("h1 .state")).to_have_text("已完成")
    expect(page.locator(".count--create b")).to_have_text("1")
    assert site.database.rows(homes)[0][0] >= 2
