"""Without a mouse: by keyboard alone, and by finger on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.aim import Scene
from tests.e2e.chromium import PLAIN
from tests.e2e.conftest import SignedIn
from tests.e2e.looking import jump, opened, panel_address, screen_of, wait_until_drawn
from tests.waiting import until

MOST_TABS = 80
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something that fits the selector has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{MOST_TABS} tabs do not lead to {selector}")


def test_by_keyboard_a_dwelling_is_searched_selected_and_closed(still: Page) -> None:
    still.keyboard.press("/")
    still.keyboard.type("1号楼1单元301")
    still.get_by_role("option").first.wait_for()
    still.keyboard.press("ArrowDown")
    still.keyboard.press("Enter")
    until(lambda: (opened(still) or "").startswith("dwelling:"), "the search opens a dwelling")
    wait_until_drawn(still)
    still.keyboard.press("Escape")
    until(lambda: opened(still) is None, "Escape closes it")
    expect(still.locator(".detail")).to_have_count(0)
    tab_to(still, "canvas.maplibregl-canvas")
    still.keyboard.press("Enter")
    until(lambda: opened(still) is not None, "Enter opens what is in the middle of the map")
    tab_to(still, "[data-test=close-panel]")
    still.keyboard.press("Enter")
    until(lambda: opened(still) is None, "the button closes it")


def test_by_keyboard_the_map_is_moved_and_turned(still: Page) -> None:
    def camera() -> list[float]:
        return still.evaluate(  # type: ignore[no-any-return]
            "() => { const m = window.__twin.map; return [m.getCenter().lng, m.getZoom(), m.getBearing()] }"
        )

    tab_to(still, "canvas.maplibregl-canvas")
    for part, keys in enumerate(("ArrowRight", "Equal", "Shift+ArrowLeft")):
        before = camera()[part]
        still.keyboard.press(keys)
        until(lambda before=before, part=part: camera()[part] != before, f"{keys} moves the map")


def test_by_keyboard_a_layer_is_switched_off_and_on(still: Page) -> None:
    def visible() -> bool:
        return still.evaluate(  # type: ignore[no-any-return]
            """() => {
                const { map } = window.__twin
                const ids = map.getStyle().layers.filter(({ source }) => source === 'compounds').map(({ id }) => id)
                return ids.some(id => map.getLayoutProperty(id, 'visibility') !== 'none')
            }"""
        )

    assert visible()
    tab_to(still, "[data-test=layers-button]")
    still.keyboard.press("Enter")
    tab_to(still, "[role=switch][aria-label*=小区]")
    still.keyboard.press("Space")
    until(lambda: not visible(), "the compounds are gone")
    still.keyboard.press("Space")
    until(visible, "the compounds are back")
    still.keyboard.press("Escape")
    expect(still.locator("[data-test=layers]")).to_have_count(0)


def test_by_finger_a_window_is_tapped_on_a_phone(signed_in_as: SignedIn, scene: Scene) -> None:
    page = signed_in_as("duty", f"/?{PLAIN}", **PHONE)
    wait_until_drawn(page)
    target = scene.targets(1, 3, screen_of(page))[0]
    jump(page, target.view)
    page.touchscreen.tap(*target.pixel)
    until(lambda: opened(page) == f"dwelling:{target.dwelling}", "the dwelling is opened")
    until(lambda: panel_address(page) == target.address, "the sheet shows its address")
    assert page.evaluate("document.documentElement.scrollWidth") == 390, "nothing sticks out at the side"
    page.locator("[data-test=close-panel]").tap()
    until(lambda: opened(page) is None, "it is closed")
    page.locator("[data-test=tab-alarms]").tap()
    expect(page.locator("[data-test=alarm-centre]")).to_be_visible()
    page.locator("[data-test=tab-layers]").tap()
    expect(page.locator("[data-test=layers]")).to_be_visible()
    page.locator("[data-test=tab-layers]").tap()
    expect(page.locator("[data-test=layers]")).to_have_count(0)


def test_by_two_fingers_the_map_is_brought_nearer(signed_in_as: SignedIn) -> None:
    page = signed_in_as("duty", f"/?{PLAIN}", **PHONE)
    wait_until_drawn(page)
    before = page.evaluate("window.__twin.map.getZoom()")
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, apart: int) -> None:
        points = [{"x": 195, "y": 350 - apart}, {"x": 195, "y": 350 + apart}] if apart else []
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 40)
    for apart in (50, 70, 90, 110):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    until(lambda: page.evaluate("window.__twin.map.getZoom()") > before + 0.3, "it is nearer")
