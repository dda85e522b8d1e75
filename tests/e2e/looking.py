"""What a person with a mouse does on the map, and what the page shows them."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.aim import Screen, Target, View
from tests.waiting import until

A_CLICK_S = 30.0


def wait_until_drawn(page: Page) -> None:
    """Polled from here: waiting inside the page would need eval, which the site's policy forbids."""
    until(lambda: page.evaluate("Boolean(window.__twin && window.__twin.ready)"), "the map is drawn")


def jump(page: Page, view: View) -> None:
    """Put the camera there. Nothing is returned from the page: the map itself would be, with all it holds."""
    page.evaluate(
        "v => { window.__twin.map.jumpTo({center: [v.lon, v.lat], zoom: v.zoom, bearing: v.bearing, pitch: v.pitch}) }",
        vars(view),
    )
    wait_until_drawn(page)


def screen_of(page: Page) -> Screen:
    values = page.evaluate(
        """() => {
            const { map } = window.__twin
            const box = map.getContainer().getBoundingClientRect()
            const { left, right, bottom } = map.getPadding()
            return [box.x, box.y, box.width, box.height, left, right, bottom]
        }"""
    )
    return Screen(*values)


def drawn_at(page: Page, point: tuple[float, float, float]) -> tuple[float, float]:
    """Where the map says that it draws a point (longitude, latitude, metres), in CSS pixels of the page."""
    screen = screen_of(page)
    x, y = page.evaluate("p => window.__twin.project(p)", list(point))
    return screen.left + x, screen.top + y


def opened(page: Page) -> str | None:
    """What the address bar says is open; asked of the page, for the driver's own copy lags behind."""
    match = re.search(r"sel=(\w+:\d+)", page.evaluate("location.search"))
    return match[1] if match else None


def go_to(page: Page, place: str) -> None:
    """As somebody does who goes back in the browser to where `place` ("grid:7") was open."""
    page.evaluate(
        "place => { history.pushState(null, '', `?sel=${place}`); dispatchEvent(new PopStateEvent('popstate')) }",
        place,
    )


def panel_address(page: Page) -> str | None:
    """The address that the open dwelling's panel shows, once it has one."""
    return page.evaluate(  # type: ignore[no-any-return]
        "() => document.querySelector('.detail .subtitle')?.textContent ?? null"
    )


def click(page: Page, target: Target) -> str:
    """A click where the target should be, by our own reckoning. Says what is wrong then, or nothing."""
    jump(page, target.view)
    x, y = drawn_at(page, target.point)
    if math.dist((x, y), target.pixel) > 1.0:
        return f"drawn at {x:.1f}, {y:.1f} and not at {target.pixel}"
    before, wanted = opened(page), f"dwelling:{target.dwelling}"
    page.mouse.click(*target.pixel)
    if before != wanted:
        with suppress(AssertionError):
            until(lambda: opened(page) != before, "something opens", A_CLICK_S)
    if opened(page) != wanted:
        return f"opened {opened(page)}"
    with suppress(AssertionError):
        until(lambda: panel_address(page) == target.address, "the panel shows the address", A_CLICK_S)
    return "" if panel_address(page) == target.address else f"the panel says {panel_address(page)}"


def pixels(page: Page, x: float, y: float, reach: int = 12) -> NDArray[np.float64]:
    """What is on the screen around a point: rows, columns, red green blue."""
    clip = {"x": round(x) - reach, "y": round(y) - reach, "width": 2 * reach, "height": 2 * reach}
    shot = page.screenshot(clip=clip)  # type: ignore[arg-type]
    return np.asarray(Image.open(BytesIO(shot)).convert("RGB"), dtype=np.float64)
