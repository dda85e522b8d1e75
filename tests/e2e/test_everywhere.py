"""What holds on every page: nothing is asked of the internet, nothing is missing, all of it speaks the chosen language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Response, expect

from tests.e2e.actors import Gateway
from tests.e2e.conftest import SignedIn
from tests.e2e.looking import go_to, opened, wait_until_drawn
from tests.e2e.site import Site
from tests.waiting import until

HAN = re.compile(r"[㐀-鿿]")
TO_CHINESE = "中"
"""On the button that leads back."""
LATIN = re.compile(r"[A-Za-z]{3,}")
MASKED = re.compile(r"[㐀-鿿]{1,2}\*\*")
"""A person's name, as it is shown."""
NUMBERED = re.compile(r"[0-9a-zA-Z\-]+|单元|室|号楼|号|栋|幢|弄|座")
"""How an address goes on after the building's own."""
OWN_NAMES = """
    SELECT name FROM places_building UNION SELECT number FROM places_building UNION SELECT address FROM places_building
    UNION SELECT name FROM places_compound UNION SELECT name FROM places_street UNION SELECT name FROM places_grid
    UNION SELECT name FROM places_community UNION SELECT name FROM accounts_user UNION SELECT name FROM devices_device
    UNION SELECT approval_number FROM places_community
"""
"""What the community calls its own; it is not translated."""

TEXTS = """() => {
    const seen = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement
        if (['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(parent.tagName) || !parent.checkVisibility()) continue
        if (parent.closest('[translate=no]') !== null) continue
        seen.push(walker.currentNode.data)
    }
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) seen.push(one.getAttribute(name) ?? '')
    }
    return [...new Set(seen.map(text => text.trim()).filter(Boolean))]
}"""
"""Everything that is read or read out, but for names of people and signs of tags, which no language changes."""


class Watch:
    """Notes what a page does not get, and what it complains of."""

    def __init__(self, page: Page, outside: list[str]) -> None:
        self.faults: list[str] = []
        self.outside = outside
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda said: said.type == "error" and self.faults.append(f"{page.url}: {said.text}")
        )

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")

    def saw_nothing(self) -> None:
        assert self.outside == []
        assert self.faults == []


@pytest.mark.parametrize("path", ["/", "/desk/reports/?page=1", "/api/docs/"])
def test_nothing_is_missing_without_the_internet(
    path: str, signed_in_as: SignedIn, site: Site, outside: list[str]
) -> None:
    page = signed_in_as("admin", "/api/session/")
    watch = Watch(page, outside)
    page.goto(f"{site.url}{path}", wait_until="load")
    if path == "/":
        wait_until_drawn(page)
    elif path.startswith("/desk/"):
        expect(page.locator("[data-test=row]").first).to_be_visible()
        expect(page.locator("[data-test=area-map][data-ready]")).to_be_visible()
    else:
        expect(page.locator(".opblock").first).to_be_visible()
    watch.saw_nothing()


def test_nothing_is_missing_on_the_log_in_page_without_the_internet(
    page: Page, site: Site, outside: list[str]
) -> None:
    watch = Watch(page, outside)
    page.goto(f"{site.url}/login/", wait_until="load")
    expect(page.locator("[data-test=submit]")).to_be_visible()
    watch.faults = [
        fault for fault in watch.faults if "401" not in fault
    ]  # it asks whether somebody is signed in
    watch.saw_nothing()


def test_nothing_is_missing_in_the_whole_back_office_without_the_internet(
    signed_in_as: SignedIn, site: Site, outside: list[str]
) -> None:
    page = signed_in_as("admin", "/admin/")
    watch = Watch(page, outside)
    lists = links(page, r"/admin/\w+/\w+/$")
    assert len(lists) > 5
    for address in lists:
        page.goto(f"{site.url}{address}", wait_until="load")
        for form in [*links(page, rf"{address}add/$")[:1], *links(page, rf"{address}\w+/change/")[:1]]:
            page.goto(f"{site.url}{form}", wait_until="load")
            expect(page.locator("#content h1")).to_be_visible()
    watch.saw_nothing()


def links(page: Page, pattern: str) -> list[str]:
    """Addresses on the page, each once, in its order."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href').split('?')[0])")
    return list(dict.fromkeys(address for address in found if re.search(pattern, address)))


def texts_of_the_desk(page: Page) -> set[str]:
    """Open all that the reports' page has; cells of its table are the server's words in the chosen language."""
    page.goto(page.url.split("?")[0] + "?page=1", wait_until="load")
    expect(page.locator("[data-test=row]").first).to_be_visible()
    expect(page.locator("[data-test=kinds] canvas")).to_be_visible()
    said: set[str] = set(page.evaluate(TEXTS))
    for kind in ("grid", "compound", "building", "polygon", "community"):
        page.locator(f"[data-test=area-{kind}]").click()
        said.update(page.evaluate(TEXTS))
    for chart in ("pyramid", "tag-counts", "kinds"):
        page.locator(f"[data-test={chart}] [data-test=as-table]").click()
    page.locator("[data-test=of-household]").click()
    said.update(page.evaluate(TEXTS))
    page.locator("[data-test=form-save]").click()
    said.update(page.evaluate(TEXTS))
    page.keyboard.press("Escape")
    return said


def test_the_reports_speak_the_chosen_language(signed_in_as: SignedIn, site: Site) -> None:
    page = signed_in_as("admin", "/desk/reports/", viewport={"width": 1600, "height": 1000})
    chinese = texts_of_the_desk(page)
    page.locator("[data-test=language]").click()
    english = texts_of_the_desk(page)
    own = own_names(site)
    assert len(english) > 60
    assert sorted(text for text in english if is_foreign(text, own)) == [TO_CHINESE]
    users = {row[0] for row in site.database.rows("SELECT username FROM accounts_user")}
    latin = {text for text in chinese & english if LATIN.search(text) and text not in users}
    assert latin == set()


def own_names(site: Site) -> list[str]:
    """The longest first."""
    return sorted((row[0] for row in site.database.rows(OWN_NAMES) if row[0]), key=len, reverse=True)


def is_foreign(text: str, own: list[str]) -> bool:
    for name in own:
        text = text.replace(name, "")
    return bool(HAN.search(NUMBERED.sub("", MASKED.sub("", text))))


def texts_of_every_panel(page: Page, dwelling: int) -> set[str]:
    """Open all that the command centre has, one after the other, and read it."""
    said: set[str] = set(page.evaluate(TEXTS))

    def read(what: str) -> None:
        until(lambda: page.locator(".detail .spinner").count() == 0, what)
        said.update(page.evaluate(TEXTS))

    page.locator("[data-test=layers-button]").click()
    read("the layers")
    page.keyboard.press("Escape")
    page.locator("[data-test=user-menu]").click()
    read("the menu")
    page.keyboard.press("Escape")
    for kind, pk in (("dwelling", dwelling), ("building", 1), ("grid", 2)):
        go_to(page, f"{kind}:{pk}")
        until(lambda at=f"{kind}:{pk}": opened(page) == at, "it is open")
        page.locator(".detail").get_by_role("heading").first.wait_for()
        read("the panel")
    page.locator("[data-alarm] .main").first.click()
    page.locator(".detail").get_by_role("heading").first.wait_for()
    read("the alarm")
    page.locator("[data-test=search]").fill("1号楼")
    page.get_by_role("option").first.wait_for()
    read("what is found")
    page.locator("[data-test=search]").fill("???")
    until(lambda: page.locator(".drop .hint").count() == 1, "nothing is found")
    read("that nothing is found")
    page.keyboard.press("Escape")
    return said


def test_the_language_changes_and_everything_with_it(duty: Page, gateway: Gateway, site: Site) -> None:
    device, dwelling = gateway.detectors(1)[0]
    gateway.alarm(device)
    duty.locator("[data-alarm]").first.wait_for()
    chinese = texts_of_every_panel(duty, dwelling)
    duty.locator("[data-test=language]").click()
    until(lambda: duty.locator("html").get_attribute("lang") == "en", "the page says that it is English")
    english = texts_of_every_panel(duty, dwelling)
    own = own_names(site)
    assert len(english) > 60
    assert sorted(text for text in english if is_foreign(text, own)) == [TO_CHINESE]
    users = {row[0] for row in site.database.rows("SELECT username FROM accounts_user")}
    assert sorted(text for text in chinese & english if LATIN.search(text) and text not in users) == []


def test_the_log_in_page_changes_its_language_and_keeps_it(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/login/")
    page.locator("[data-test=language]").click()
    until(lambda: page.locator("html").get_attribute("lang") == "en", "it is English")
    left = [text for text in page.evaluate(TEXTS) if HAN.search(text)]
    assert left == ["中文"], "only the way back is Chinese"
    page.reload()
    until(lambda: page.locator("html").get_attribute("lang") == "en", "and still is")
