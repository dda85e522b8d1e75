"""One site and one Chromium for all browser tests; a fresh page for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.actors import Gateway
from tests.e2e.aim import Scene
from tests.e2e.chromium import CHROMIUM, FLAGS, PLAIN, SCREEN
from tests.e2e.footprint_kinds import as_drawn
from tests.e2e.looking import wait_until_drawn
from tests.e2e.site import PASSWORD, ROOT, Site, demo_site

PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo community, served. Gone with the session."""
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        pytest.fail("the front end is not built: run `npm ci && npm run build` in frontend/")
    with demo_site(tmp_path_factory.mktemp("data")) as site:
        yield site


@pytest.fixture(scope="session")
def scene(site: Site) -> Scene:
    """The demo's walls and bodies, for aiming at."""
    return Scene(site.database, site.community, as_drawn(site.database, site.community))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"there is no {CHROMIUM}; `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def outside() -> list[str]:
    """Addresses beyond this machine that a page asked for; none may be."""
    return []


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(chromium: Browser, outside: list[str]) -> Iterator[NewContext]:
    """Browsers on an intranet without internet: every request that leaves the machine fails, and is noted."""
    opened: list[BrowserContext] = []

    def only_here(route: Any) -> None:
        outside.append(route.request.url)
        route.abort()

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"viewport": SCREEN, "locale": "zh-CN", **options})
        context.set_default_timeout(PATIENCE_MS)
        context.route(lambda url: not url.startswith(("http://127.0.0.1", "blob:", "data:")), only_here)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context().new_page()


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Cookies of those who have signed in already, by name."""
    return {}


SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in_as(new_context: NewContext, sessions: dict[str, Any], site: Site) -> SignedIn:
    """A page of a user at an address of the site; the log-in page is gone through once for each user."""

    def sign_in_and_go(username: str, path: str = "/", base: str = "", **options: Any) -> Page:
        context = new_context(**options)
        page = context.new_page()
        if username not in sessions:
            sign_in(page, site, username)
            sessions[username] = context.cookies()
        context.add_cookies(sessions[username])
        page.goto(f"{base or site.url}{path}")
        return page

    return sign_in_and_go


@pytest.fixture
def duty(signed_in_as: SignedIn) -> Page:
    """The duty officer, on the command centre, with the map drawn."""
    page = signed_in_as("duty", f"/?{PLAIN}")
    wait_until_drawn(page)
    return page


@pytest.fixture
def still(signed_in_as: SignedIn) -> Page:
    """As `duty`, of somebody who asked the system for less movement: nothing flies, pulses or fades."""
    page = signed_in_as("duty", f"/?{PLAIN}", reduced_motion="reduce")
    wait_until_drawn(page)
    return page


@pytest.fixture
def gateway(site: Site) -> Iterator[Gateway]:
    """Raises alarms; they are closed afterwards."""
    gateway = Gateway(site)
    yield gateway
    gateway.quiet()


def sign_in(page: Page, site: Site, username: str) -> None:
    """As a person does: the log-in page, two fields, Enter."""
    page.goto(f"{site.url}/login/")
    page.fill("input[autocomplete=username]", username)
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
