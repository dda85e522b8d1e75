"""Windows take the colours of a fact: chosen in the page, and one by one while the world changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.actors import Gateway
from tests.e2e.conftest import PLAIN, SignedIn
from tests.e2e.looking import wait_until_drawn
from tests.e2e.site import Site
from tests.waiting import until

SMOKE = """
    SELECT dwelling.id, device.external_id, ST_X(building.anchor), ST_Y(building.anchor)
    FROM devices_device AS device
    JOIN places_dwelling AS dwelling ON dwelling.id = device.dwelling_id
    JOIN places_building AS building ON building.id = dwelling.building_id
    WHERE device.external_id LIKE 'demo-smoke%%' AND device.ended_at IS NULL
      AND NOT EXISTS (SELECT FROM devices_alarm AS alarm WHERE alarm.dwelling_id = dwelling.id AND alarm.closed_at IS NULL)
    ORDER BY device.id DESC LIMIT 1
"""
USES = """
    SELECT array_agg(DISTINCT dwelling.use), ST_X(building.anchor), ST_Y(building.anchor), building.id
    FROM places_dwelling AS dwelling JOIN places_building AS building ON building.id = dwelling.building_id
    WHERE dwelling.ended_at IS NULL AND NOT dwelling.estimated
    GROUP BY building.id ORDER BY count(DISTINCT dwelling.use) DESC, building.id LIMIT 1
"""
NEIGHBOUR = """
    SELECT neighbour.id FROM places_dwelling AS neighbour JOIN places_dwelling AS home USING (building_id)
    WHERE home.id = %s AND neighbour.id <> home.id AND neighbour.ended_at IS NULL
      AND NOT EXISTS (SELECT FROM devices_alarm AS alarm WHERE alarm.dwelling_id = neighbour.id AND alarm.closed_at IS NULL)
    ORDER BY neighbour.id LIMIT 1
"""
COUNTS = "SELECT use, count(*) FROM places_dwelling WHERE ended_at IS NULL AND NOT estimated GROUP BY use"


def look_of(page: Page, dwelling: int) -> Any:
    """The bytes with which the window is drawn, said in words; None: no colour. "absent": not on the map."""
    return page.evaluate(
        "id => { const look = window.__twin.lookOf(id); return look === undefined ? 'absent' : look }",
        dwelling,
    )


def colours_of(page: Page, dwellings: list[int]) -> list[str | None]:
    looks = [look_of(page, dwelling) for dwelling in dwellings]
    return [look["pattern"] if isinstance(look, dict) else look for look in looks]


def legend(page: Page) -> dict[str, str]:
    rows = page.locator("[data-test=facade-legend] [data-category]")
    return {
        str(row.get_attribute("data-category")): row.locator("b").inner_text().replace(",", "")
        for row in rows.all()
    }


def some_of_each_use(site: Site) -> tuple[dict[str, int], str]:
    """One home of each use, all in one building; and the camera that looks at it, as the address has it."""
    _, lon, lat, building = site.database.rows(USES)[0]
    rows = site.database.rows(
        "SELECT use, min(id) FROM places_dwelling WHERE building_id = %s AND ended_at IS NULL GROUP BY use",
        building,
    )
    return dict(rows), camera(lon, lat)


def camera(lon: float, lat: float) -> str:
    return f"at={lon:.6f},{lat:.6f},17.5,0,55"


@pytest.fixture
def open_at(signed_in_as: SignedIn) -> Callable[[str], Page]:
    """The duty officer's page at an address."""

    def open_page(query: str) -> Page:
        page = signed_in_as("duty", f"/?{query}&{PLAIN}")
        wait_until_drawn(page)
        return page

    return open_page


def test_a_mode_is_chosen_by_its_name_and_colours_every_home_by_its_use(
    open_at: Callable[[str], Page], site: Site
) -> None:
    homes, view = some_of_each_use(site)
    assert {"own", "let", "vacant"} <= homes.keys()
    page = open_at(view)
    assert look_of(page, homes["let"]) is None
    page.locator("[data-test=facades-button]").click()
    page.locator("[data-test=facade-search]").fill("用途")
    page.locator("[data-mode=use]").check()
    until(lambda: look_of(page, homes["let"]), "the let home has a colour")
    ids = [homes["own"], homes["let"], homes["vacant"]]
    assert colours_of(page, ids) == ["plain", "stripes", "bars"]
    counted = {use: str(count) for use, count in site.database.rows(COUNTS)}
    until(lambda: legend(page)["own"] == counted["own"], "the legend counts")
    assert {use: count for use, count in legend(page).items() if count != "0"} == counted
    assert "facade=use" in page.url


def test_a_category_alone_is_lit_and_an_address_brings_it_back(
    open_at: Callable[[str], Page], site: Site
) -> None:
    homes, view = some_of_each_use(site)
    page = open_at(f"{view}&facade=use")
    until(lambda: look_of(page, homes["own"]), "the owner's home has a colour")
    page.locator("[data-test=facade-legend] [data-category=let]").click()
    until(lambda: look_of(page, homes["own"]) is None, "the others are dark")
    assert look_of(page, homes["let"])["pattern"] == "stripes"
    until(lambda: "only=let" in page.url, "the address says so")
    page.reload()
    wait_until_drawn(page)
    until(lambda: look_of(page, homes["let"]), "the address brings it back")
    assert look_of(page, homes["own"]) is None
    page.locator("[data-test=facade-close]").click()
    until(lambda: look_of(page, homes["let"]) is None, "lamplight again")
    assert "facade" not in page.url


def test_an_alarm_recolours_one_window_and_the_legend_without_reload(
    open_at: Callable[[str], Page], site: Site, gateway: Gateway
) -> None:
    dwelling, device, lon, lat = site.database.rows(SMOKE)[0]
    neighbour = site.database.rows(NEIGHBOUR, dwelling)[0][0]
    page = open_at(f"{camera(lon, lat)}&facade=alarms")
    until(lambda: legend(page).get("1", "…") != "…", "the legend is there")
    before = int(legend(page)["1"])
    page.evaluate("window.__same = true")
    assert look_of(page, dwelling) is None
    gateway.alarm(device)
    look = until(lambda: look_of(page, dwelling), "the window has the colour of its alarm")
    assert look["pattern"] == "cross"
    until(lambda: int(legend(page)["1"]) == before + 1, "the legend has counted it")
    assert look_of(page, neighbour) is None, "one window, and no other"
    assert page.evaluate("window.__same"), "the page is the same one"
