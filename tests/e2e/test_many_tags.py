"""286 tags are still found, as modes of the map and as tags of somebody; what others do with tags is seen at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PLAIN, SignedIn
from tests.e2e.looking import wait_until_drawn
from tests.e2e.site import PASSWORD, Site
from tests.e2e.test_facade_modes import camera, look_of
from tests.e2e.test_tags import HOME
from tests.people.catalogue.many import as_xlsx, many_tags
from tests.waiting import until

PATIENCE_S = 60
END = (
    "UPDATE people_tag SET ended_at = now() WHERE code ~ '^T[0-9]{3}$' OR code ~ '^X[0-9]{2,3}$' RETURNING id"
)
MANY_MODES = 250


class Office:
    """Somebody at another machine, over HTTP."""

    def __init__(self, site: Site, username: str) -> None:
        self.client = httpx.Client(base_url=site.url, timeout=PATIENCE_S)
        self.client.get("/login/")
        self.post("/api/session/", json={"username": username, "password": PASSWORD})

    def post(self, path: str, **body: Any) -> Any:
        answer = self.client.post(path, headers={"X-CSRFToken": self.client.cookies["csrftoken"]}, **body)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture
def many(site: Site) -> Iterator[None]:
    """A catalogue of 286 tags, until the test is over."""
    admin = Office(site, "admin")
    file = {"file": ("标签目录.xlsx", as_xlsx(many_tags()))}
    run = admin.post("/api/tag-catalogues/", data={"community": site.community}, files=file)
    admin.post(f"/api/tag-catalogues/{run['id']}/apply/")
    yield
    site.database.rows(END)


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)], ids=["desk", "phone"])
def test_a_mode_of_286_tags_is_found_by_its_initials_without_a_mouse_and_offered_first_afterwards(
    signed_in_as: SignedIn, many: None, size: tuple[int, int]
) -> None:
    page = signed_in_as(
        "duty", f"/?{PLAIN}", viewport={"width": size[0], "height": size[1]}, has_touch=size[0] < 600
    )
    wait_until_drawn(page)
    opens = page.locator("[data-test=facades-button]:visible, [data-test=tab-facades]:visible").first
    opens.click()
    chooser = page.locator("[data-test=facade-chooser]")
    expect(chooser.locator("[data-mode]")).not_to_have_count(1)
    assert chooser.locator("[data-mode]").count() > MANY_MODES
    assert chooser.locator("details[open]").count() == 0  # the groups are seen at a glance
    search = chooser.locator("[data-test=facade-search]")
    search.fill("lnrbq1")
    expect(chooser.locator("[data-test=facade-found]")).to_contain_text("条结果")
    search.press("ArrowDown")
    expect(chooser.locator("[data-mode]:focus")).to_have_count(1)
    search.fill("老年人标签17号")
    search.press("Enter")
    until(lambda: "facade=tag-" in page.url, "the mode is chosen")
    if not chooser.is_visible():
        opens.click()
    chooser.locator("[data-test=facade-search]").fill("")
    expect(chooser.locator("[data-recent]")).to_have_text(["老年人标签17号"])


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)], ids=["desk", "phone"])
def test_a_tag_of_286_is_found_in_the_dialog(
    signed_in_as: SignedIn, site: Site, many: None, size: tuple[int, int]
) -> None:
    person, dwelling, lon, lat, _ = site.database.rows(HOME)[0]
    page: Page = signed_in_as(
        "worker",
        f"/?{camera(lon, lat)}&sel=dwelling:{dwelling}&{PLAIN}",
        viewport={"width": size[0], "height": size[1]},
        has_touch=size[0] < 600,
    )
    wait_until_drawn(page)
    member = page.locator(f"[data-test=member-{person}]")
    member.locator("summary").click()
    member.locator(f"[data-test=tags-person-{person}]").click()
    dialog = page.locator("[data-test=tag-dialog]")
    expect(dialog.locator("[data-tag]").first).to_be_attached()
    search = dialog.locator("[data-test=tag-search]")
    search.fill("xfbq")
    search.press("Enter")
    expect(dialog.locator("[data-tag]:checked")).to_have_count(1)
    search.fill("")
    expect(dialog.locator("[data-recent]")).to_have_count(1)


def test_what_a_worker_does_with_tags_is_seen_by_others_at_once_and_runs_out_by_itself(
    signed_in_as: SignedIn, site: Site
) -> None:
    person, dwelling, lon, lat, tag = site.database.rows(HOME)[0]
    page = signed_in_as("duty", f"/?{camera(lon, lat)}&facade=tag-{tag}&sel=dwelling:{dwelling}&{PLAIN}")
    wait_until_drawn(page)
    member = page.locator(f"[data-test=member-{person}] summary")
    expect(member).to_be_visible()
    assert look_of(page, dwelling) is None
    worker = Office(site, "worker")
    order = {"tag": tag, "subject": person, "reason": "看过退役证"}
    worker.post("/api/taggings/", json=order)
    until(lambda: look_of(page, dwelling), "the window has the colour of the tag")
    expect(member).to_contain_text("退役军人")
    worker.post("/api/taggings/end/", json={"tag": tag, "subject": person, "why": "登记有误"})
    until(lambda: look_of(page, dwelling) is None, "the window is dark again")
    expect(member).not_to_contain_text("退役军人")
    ends = datetime.now(UTC) + timedelta(seconds=20)
    worker.post("/api/taggings/", json={**order, "until": ends.isoformat()})
    until(lambda: look_of(page, dwelling), "the window has the colour once more")
    expect(member).to_contain_text("退役军人")
    until(lambda: look_of(page, dwelling) is None, "it has run out, and nobody has done anything")
    expect(member).not_to_contain_text("退役军人")
    assert datetime.now(UTC) >= ends
