"""A worker gives a tag to somebody at the door, sees it on the chip and on the facade, and ends it again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PLAIN, SignedIn
from tests.e2e.looking import wait_until_drawn
from tests.e2e.site import Site
from tests.e2e.test_facade_modes import camera, look_of
from tests.waiting import until

HOME = """
    SELECT residence.person_id, residence.dwelling_id, ST_X(building.anchor), ST_Y(building.anchor), tag.id
    FROM people_residence AS residence
    JOIN places_dwelling AS dwelling ON dwelling.id = residence.dwelling_id
    JOIN places_building AS building ON building.id = dwelling.building_id
    JOIN access_role AS role ON role.grid_id = building.grid_id AND role.kind = 'grid_worker'
    JOIN accounts_user AS worker ON worker.id = role.user_id AND worker.username = 'worker'
    JOIN people_tag AS tag ON tag.code = 'veteran' AND tag.community_id = building.community_id
    WHERE upper_inf(residence.during) AND residence.basis = 'actual' AND residence.household_id IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM people_residence AS other JOIN people_persontag AS given USING (person_id)
        WHERE other.dwelling_id = residence.dwelling_id AND given.tag_id = tag.id)
    ORDER BY residence.id LIMIT 1
"""


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)], ids=["desk", "phone"])
def test_a_worker_gives_a_tag_and_the_facade_takes_its_colour_and_loses_it(
    signed_in_as: SignedIn, site: Site, size: tuple[int, int]
) -> None:
    person, dwelling, lon, lat, tag = site.database.rows(HOME)[0]
    page: Page = signed_in_as(
        "worker",
        f"/?{camera(lon, lat)}&facade=tag-{tag}&sel=dwelling:{dwelling}&{PLAIN}",
        viewport={"width": size[0], "height": size[1]},
        has_touch=size[0] < 600,
    )
    wait_until_drawn(page)
    assert look_of(page, dwelling) is None
    member = page.locator(f"[data-test=member-{person}]")
    member.locator("summary").click()
    member.locator(f"[data-test=tags-person-{person}]").click()
    dialog = page.locator("[data-test=tag-dialog]")
    dialog.locator("[data-test=tag-search]").fill("退役")
    dialog.locator("[data-tag=veteran]").check()
    dialog.locator("[data-test=tag-give]").click()
    expect(dialog.locator("[role=alert]")).to_be_visible()  # no reason was said
    dialog.locator("[data-test=tag-reason]").fill("看过退役证")
    dialog.locator("[data-test=tag-give]").click()
    expect(dialog).to_be_hidden()
    expect(member.locator("summary .tags")).to_contain_text("退役军人")
    until(lambda: look_of(page, dwelling), "the window has the colour of the tag")
    member.locator(f"[data-test=tags-person-{person}]").click()
    held = dialog.locator("[data-test=held-veteran]")
    held.locator("[data-test=verify-tag]").click()
    expect(held).to_contain_text("已核实")
    held.locator("[data-test=end-tag]").click()
    held.locator("[data-test=end-why]").fill("登记有误")
    held.locator("[data-test=end-confirm]").click()
    expect(held).to_be_hidden()
    until(lambda: look_of(page, dwelling) is None, "the window is dark again")
    page.keyboard.press("Escape")
    expect(member.locator("summary")).not_to_contain_text("退役军人")


def test_who_gives_no_tags_is_offered_none(signed_in_as: SignedIn, site: Site) -> None:
    _, dwelling, lon, lat, _ = site.database.rows(HOME)[0]
    page = signed_in_as("duty", f"/?{camera(lon, lat)}&sel=dwelling:{dwelling}&{PLAIN}")
    wait_until_drawn(page)
    expect(page.locator("[data-test=people] .household").first).to_be_visible()
    expect(page.locator("[data-test^=tags-]")).to_have_count(0)
