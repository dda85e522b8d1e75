"""A real site for a real browser: its own database with the demo community, daphne in a process of its own, Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local.ports import accepts_tcp, next_free
from tests.e2e.database import Database
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]  # fmt: skip
PATIENCE_MS = 90_000
PASSWORD = "haitang-2026"


ASKED_FOR = "TWIN_BROWSER_TESTS"
"""These need the processors for themselves for a quarter of an hour, so they run when they are asked for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wanted = bool(os.environ.get(ASKED_FOR))
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(not wanted, reason=f"set {ASKED_FOR}=1 to drive a browser"))


@dataclass(frozen=True)
class Site:
    url: str
    database: Database
    data: Path

    def tokens(self) -> dict[str, Any]:
        import json

        document: dict[str, Any] = json.loads((self.data / "demo" / "tokens.json").read_text())
        return document


def manage(environment: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo community, served. Gone with the session."""
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        pytest.fail("the front end is not built: run `npm ci && npm run build` in frontend/")
    database = Database.beside(os.environ["TWIN_DATABASE_URL"], f"e2e_{os.getpid()}")
    data = tmp_path_factory.mktemp("data")
    environment = {
        **os.environ, "TWIN_DATABASE_URL": database.url, "TWIN_DATA_DIR": str(data), "TWIN_DEMO": "1",
        "TWIN_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    database.create()
    try:
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "load_demo")
        port = next_free(18000 + os.getpid() % 1000, "127.0.0.1")
        server = subprocess.Popen(
            [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "twin.config.asgi:application"],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until(lambda: accepts_tcp(port, "127.0.0.1"), "the site answers")
            yield Site(f"http://127.0.0.1:{port}", database, data)
        finally:
            server.terminate()
            server.wait(20)
    finally:
        database.drop()


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


@pytest.fixture
def context(chromium: Browser, outside: list[str]) -> Iterator[BrowserContext]:
    """A browser on an intranet without internet: every request that leaves the machine fails, and is noted."""

    def only_here(route: Any) -> None:
        if route.request.url.startswith(("http://127.0.0.1", "blob:", "data:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context = chromium.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    context.route("**/*", only_here)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def signed_in(page: Page, site: Site) -> Page:
    """The duty officer, on the command centre, with the map drawn."""
    sign_in(page, site, "duty")
    wait_until_drawn(page)
    return page


def sign_in(page: Page, site: Site, username: str) -> None:
    """As a person does: the log-in page, two fields, Enter."""
    page.goto(f"{site.url}/login/")
    page.fill("input[autocomplete=username]", username)
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def wait_until_drawn(page: Page) -> None:
    """Polled from here: waiting inside the page would need eval, which the site's policy forbids."""
    until(lambda: page.evaluate("Boolean(window.__twin && window.__twin.ready)"), "the map is drawn")
