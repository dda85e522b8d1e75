"""What happens in the community is seen at once, without a reload; when nothing happens, nothing moves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actors import Gateway, Phone
from tests.e2e.aim import Scene
from tests.e2e.cable import Cable
from tests.e2e.chromium import PLAIN
from tests.e2e.conftest import SignedIn
from tests.e2e.looking import drawn_at, go_to, jump, pixels, screen_of, wait_until_drawn
from tests.e2e.site import Site
from tests.waiting import until

WORKER_GREEN = np.array([0x2F, 0xF3, 0xC4])
STEP_DEGREES = 0.0003
"""About 30 m: a stride that can be seen."""


def open_alarms(site: Site) -> int:
    return int(site.database.rows("SELECT count(*) FROM devices_alarm WHERE handling = 'NEW'")[0][0])


def bell(page: Page) -> int:
    """What it says at this moment: where nothing is pending there is no count."""
    return sum(int(text) for text in page.locator("[data-test=bell-count]").all_inner_texts())


def test_an_alarm_glows_in_its_window_without_reload(
    still: Page, gateway: Gateway, scene: Scene, site: Site
) -> None:
    device_in = {dwelling: device for device, dwelling in gateway.detectors(50)}
    target = scene.targets(1, 1, screen_of(still), among=device_in)[0]
    jump(still, target.view)
    still.evaluate("window.here = true")
    dark = pixels(still, *target.pixel, reach=4)
    gateway.alarm(device_in[target.dwelling])
    until(
        lambda: target.dwelling in still.evaluate("window.__twin.alarmed"),
        "the window is known to be alarmed",
    )
    until(lambda: (pixels(still, *target.pixel, reach=4) - dark)[..., 0].mean() > 40, "it is seen to be red")
    assert still.evaluate("window.here"), "the page is still the same"


def test_the_bell_counts_and_the_list_says_where(
    duty: Page, gateway: Gateway, scene: Scene, site: Site
) -> None:
    assert bell(duty) == open_alarms(site)
    (first, one), (second, _) = gateway.detectors(2)
    gateway.alarm(first)
    gateway.alarm(second)
    until(lambda: bell(duty) == open_alarms(site) == 2, "the bell counts two")
    address = scene.address_of(one)
    expect(duty.locator("[data-alarm]").filter(has_text=address)).to_have_count(1)
    gateway.alarm(first)
    expect(duty.locator("[data-alarm]").filter(has_text=address)).to_contain_text("×2")
    gateway.quiet()
    until(lambda: bell(duty) == 0, "the bell is silent")


@pytest.fixture
def phone(site: Site) -> Iterator[Phone]:
    phone = Phone(site)
    yield phone
    phone.end()


def test_a_worker_who_walks_is_seen_to_walk(duty: Page, phone: Phone, site: Site) -> None:
    lon, lat = site.database.rows(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geometry) AS p FROM places_grid WHERE id = %s) AS inside",
        phone.worker["grid_id"],
    )[0]
    phone.at(lon, lat)
    duty.evaluate(
        "at => { window.__twin.map.jumpTo({center: at, zoom: 18, pitch: 0, bearing: 0}) }", [lon, lat]
    )

    def green(point: tuple[float, float]) -> bool:
        seen = pixels(duty, *drawn_at(duty, (*point, 0.0)), reach=2)
        return bool(np.abs(seen - WORKER_GREEN).max(axis=2).min() < 40)

    until(lambda: green((lon, lat)), "the worker stands where the phone says")
    expect(duty.locator(".frame").filter(has_text="在岗人员")).to_contain_text("1")
    phone.at(lon + STEP_DEGREES, lat)
    until(lambda: green((lon + STEP_DEGREES, lat)), "the worker has come to the new place")
    until(lambda: not green((lon, lat)), "and left the old one")


def frames(page: Page) -> int:
    return int(page.evaluate("window.__twin.frames"))


def rests(page: Page) -> bool:
    """Whether no frame is drawn while the page is looked at twenty times."""
    before = frames(page)
    for _ in range(20):
        page.evaluate("new Promise(done => setTimeout(done, 50))")
    return frames(page) == before


def test_the_map_rests_until_an_alarm_pulses_and_rests_again(duty: Page, gateway: Gateway) -> None:
    until(lambda: rests(duty), "nothing happens, so no frame is drawn")
    gateway.alarm(gateway.detectors(1)[0][0])
    until(lambda: not rests(duty), "an alarm pulses")
    gateway.quiet()
    until(lambda: rests(duty), "the alarm is closed, so no frame is drawn")


@pytest.fixture
def cable(site: Site) -> Iterator[Cable]:
    cable = Cable(site.port)
    yield cable
    cable.pull_out()


def test_a_pulled_cable_is_told_and_what_was_missed_comes_when_it_is_back(
    signed_in_as: SignedIn, cable: Cable, gateway: Gateway, site: Site
) -> None:
    page = signed_in_as("duty", f"/?{PLAIN}", base=cable.url)
    wait_until_drawn(page)
    badge = page.locator("[data-test=connection]")
    expect(badge).to_have_attribute("data-state", "online")
    cable.pull_out()
    expect(badge).to_have_attribute("data-state", "reconnecting")
    expect(badge).to_contain_text("重连中")
    gateway.alarm(gateway.detectors(1)[0][0])
    assert bell(page) == 0
    cable.put_back()
    expect(badge).to_have_attribute("data-state", "online")
    until(lambda: bell(page) == open_alarms(site) == 1, "the missed alarm is there")


def test_a_question_that_finds_no_way_says_so_and_can_be_asked_again(
    signed_in_as: SignedIn, cable: Cable, site: Site
) -> None:
    page = signed_in_as("duty", f"/?{PLAIN}", base=cable.url)
    wait_until_drawn(page)
    cable.pull_out()
    go_to(page, f"grid:{grid(site)}")
    expect(page.locator(".detail [role=alert]")).to_contain_text("连不上服务器")
    cable.put_back()
    page.locator(".detail").get_by_role("button", name="重试").click()
    expect(page.locator(".detail")).to_contain_text("网格概况")


def grid(site: Site) -> int:
    return int(
        site.database.rows(
            "SELECT id FROM places_grid WHERE community_id = %s AND code = '001'", site.community
        )[0][0]
    )


def test_a_lost_graphics_card_is_forgiven(still: Page, scene: Scene) -> None:
    target = scene.targets(1, 2, screen_of(still))[0]
    jump(still, target.view)
    before = pixels(still, *target.pixel, reach=60)
    assert before.std() > 5, "windows are not of one colour"
    still.evaluate(
        "() => window.__twin.map.getCanvas().getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
    )
    expect(still.get_by_text("三维画面中断了")).to_be_visible()

    def same() -> bool:
        return bool(np.abs(pixels(still, *target.pixel, reach=60) - before).mean() < 2)

    wait_until_drawn(still)
    until(same, "the windows are drawn as before")
    expect(still.get_by_text("三维画面中断了")).to_have_count(0)
    still.mouse.click(*target.pixel)
    until(
        lambda: f"sel=dwelling:{target.dwelling}" in still.evaluate("location.search"), "and can be clicked"
    )
