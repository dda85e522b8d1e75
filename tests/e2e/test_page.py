"""What a duty officer does on the first page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.looking import opened
from tests.e2e.site import Site
from tests.waiting import until


def test_a_wrong_password_is_told_and_the_page_stays(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/login/")
    page.fill("input[autocomplete=username]", "duty")
    page.fill("input[type=password]", "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert "/login/" in page.url


def test_nobody_signed_in_is_led_to_the_log_in_page_and_back_to_where_they_wanted(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.url}/?sel=grid:1")
    page.wait_for_url("**/login/**")
    page.fill("input[autocomplete=username]", "duty")
    page.fill("input[type=password]", "haitang-2026")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    until(lambda: opened(page) == "grid:1", "the wanted grid is open")


def test_who_logs_out_is_out(page: Page, site: Site) -> None:
    sign_in(page, site, "planner")
    page.locator("[data-test=user-menu]").click()
    page.locator("[data-test=logout]").click()
    expect(page.locator("[data-test=submit]")).to_be_visible()
    assert page.request.get(f"{site.url}/api/dwellings/1/").status == 401


def test_an_address_is_found_and_flown_to(duty: Page) -> None:
    duty.keyboard.press("/")
    duty.keyboard.type("1号楼1单元301")
    duty.get_by_role("option").first.wait_for()
    duty.keyboard.press("ArrowDown")
    duty.keyboard.press("Enter")
    until(lambda: (opened(duty) or "").startswith("dwelling:"), "the dwelling is opened")


def test_nonsense_finds_nothing_and_says_so(duty: Page) -> None:
    duty.keyboard.press("/")
    duty.keyboard.type("没有这个地方!!")
    until(lambda: "没有" in duty.get_by_role("search").inner_text(), "it says that nothing was found")
