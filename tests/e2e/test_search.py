"""Somebody is looked for by the sound of the name; the map flies to the window behind which they live."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from pyproj import Geod

from tests.e2e.looking import opened
from tests.e2e.site import Site
from tests.waiting import until
from twin.people.readings import words_of

GEOD = Geod(ellps="WGS84")
NEAR_M = 60
SOMEBODY = """
    SELECT person.id, person.name, home.dwelling_id, ST_X(building.anchor), ST_Y(building.anchor)
    FROM people_person AS person
    JOIN people_residence AS home ON home.person_id = person.id AND upper_inf(home.during) AND home.basis = 'actual'
    JOIN places_dwelling AS dwelling ON dwelling.id = home.dwelling_id
    JOIN places_building AS building ON building.id = dwelling.building_id
    WHERE person.ended_at IS NULL AND char_length(person.name) = 3
      AND (SELECT count(*) FROM people_person AS other WHERE strpos(other.name_words, ' ' || %s) > 0) = 1
      AND strpos(person.name_words, ' ' || %s) > 0
"""
NAMES = (
    "SELECT name FROM people_person WHERE ended_at IS NULL AND char_length(name) = 3 ORDER BY id LIMIT 300"
)


def test_from_the_sound_of_a_name_to_the_window(duty: Page, site: Site) -> None:
    person, name, sound, dwelling, *anchor = somebody(site)
    duty.keyboard.press("/")
    duty.keyboard.type(sound)
    found = duty.get_by_role("option")
    expect(found).to_have_count(1)
    expect(found).not_to_contain_text(name)  # masked
    found.click()
    until(lambda: opened(duty) in {f"person:{person}", f"dwelling:{dwelling}"}, "the person is opened")
    until(lambda: metres_from(duty, *anchor) < NEAR_M, "the map is over the house")
    expect(duty.locator(".detail")).to_contain_text(name[0])


def somebody(site: Site) -> tuple[int, str, str, int, float, float]:
    """Who lives at one place and is alone in being called so."""
    for (called,) in site.database.rows(NAMES):
        sound = words_of(called).split()[0]
        rows = site.database.rows(SOMEBODY, sound, sound)
        if len(rows) == 1:
            person, name, *place = rows[0]
            return person, name, sound, *place
    raise AssertionError("everybody shares a name")


def metres_from(page: Page, lon: float, lat: float) -> float:
    here = page.evaluate("() => { const c = window.__twin.map.getCenter(); return [c.lng, c.lat] }")
    return float(GEOD.inv(*here, lon, lat)[2])
