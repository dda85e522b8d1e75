"""What a duty officer does on the first page."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, sign_in, wait_until_drawn
from tests.waiting import until


def send_alarm(site: Site, device: str) -> None:
    """What a detector's gateway posts."""
    token = site.tokens()["gateways"][0]["token"]
    reading = {"device": device, "at": datetime.now(UTC).isoformat(), "values": {}, "event": "alarm"}
    answer = httpx.post(
        f"{site.url}/ingest/readings/",
        json={"readings": [reading]},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text


def smoke_detectors(site: Site) -> list[tuple[str, int]]:
    return site.database.rows(
        "SELECT external_id, dwelling_id FROM devices_device WHERE external_id LIKE 'demo-smoke%%' ORDER BY id LIMIT 9"
    )


def test_a_wrong_password_is_told_and_the_page_stays(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/login/")
    page.fill("input[autocomplete=username]", "duty")
    page.fill("input[type=password]", "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert "/login/" in page.url


def test_nobody_signed_in_is_led_to_the_log_in_page(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.wait_for_url("**/login/**")


def test_an_alarm_appears_without_reload_and_the_bell_counts_it(signed_in: Page, site: Site) -> None:
    device, dwelling = smoke_detectors(site)[0]
    address = "烟雾报警"
    before = signed_in.get_by_text(address).count()
    send_alarm(site, device)
    until(lambda: signed_in.get_by_text(address).count() > before, "the alarm is on the page")
    open_alarms = site.database.rows("SELECT count(*) FROM devices_alarm WHERE handling = 'NEW'")[0][0]
    until(
        lambda: signed_in.locator("[data-test=bell-count]").inner_text() == str(open_alarms),
        f"the bell says {open_alarms}",
    )
    until(
        lambda: signed_in.evaluate("id => window.__twin.alarmed.includes(id)", dwelling), "the window glows"
    )


def test_the_map_rests_when_nothing_changes(page: Page, site: Site) -> None:
    sign_in(page, site, "planner")  # sees shapes and no facts: nothing that could move or pulse
    wait_until_drawn(page)
    frames = [page.evaluate("window.__twin.frames")]

    def rests() -> bool:
        frames.append(page.evaluate("window.__twin.frames"))
        return len(frames) > 30 and len(set(frames[-20:])) == 1

    until(rests, "no frame is drawn for twenty looks in a row")


@pytest.mark.parametrize("path", ["/login/", "/", "/api/docs/", "/admin/", "/admin/places/building/add/"])
def test_nothing_is_missing_without_the_internet(
    path: str, page: Page, site: Site, outside: list[str]
) -> None:
    failures: list[str] = []
    sign_in(page, site, "admin")
    page.on("response", lambda r: failures.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.goto(f"{site.url}{path}", wait_until="load")
    if path == "/":
        wait_until_drawn(page)
    assert outside == []
    assert failures == []


def test_the_language_changes_and_everything_with_it(signed_in: Page) -> None:
    expect(signed_in.get_by_text("告警中心").first).to_be_visible()
    signed_in.locator("[data-test=language]").click()
    expect(signed_in.get_by_text("告警中心")).to_have_count(0)
    assert signed_in.locator("html").get_attribute("lang") == "en"


def test_an_address_is_found_and_flown_to(signed_in: Page) -> None:
    signed_in.keyboard.press("/")
    signed_in.keyboard.type("1号楼1单元301")
    signed_in.get_by_role("option").first.wait_for()
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("Enter")
    until(lambda: "sel=dwelling:" in signed_in.url, "the dwelling is opened")


def test_nonsense_finds_nothing_and_says_so(signed_in: Page) -> None:
    signed_in.keyboard.press("/")
    signed_in.keyboard.type("没有这个地方!!")
    until(lambda: "没有" in signed_in.get_by_role("search").inner_text(), "it says that nothing was found")
