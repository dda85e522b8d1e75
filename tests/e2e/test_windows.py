"""Every window can be clicked, and the panel that opens is that dwelling's."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.aim import Scene, Target
from tests.e2e.conftest import Site, wait_until_drawn
from tests.waiting import until

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "geojson"
SEED = int(os.environ.get("TWIN_CLICK_SEED", "20261122"))
COUNT = 60


def footprint_kinds() -> dict[str, str]:
    """Source id of a building -> what its footprint is like."""
    collection = json.loads((FIXTURES / "buildings.geojson").read_text(encoding="utf-8"))
    return {f["properties"]["source_id"]: f["properties"]["shape"] for f in collection["features"]}


def look(page: Page, target: Target) -> tuple[float, float]:
    """Put the camera there; where on the screen the middle of the wall is."""
    view = target.view
    page.evaluate(
        "v => window.__twin.map.jumpTo({center: [v.lon, v.lat], zoom: v.zoom, bearing: v.bearing, pitch: v.pitch})",
        vars(view),
    )
    wait_until_drawn(page)
    left, top, _ = map_box(page)
    x, y = page.evaluate("p => window.__twin.project(p)", list(target.point))
    return left + x, top + y


def map_box(page: Page) -> tuple[float, float, float]:
    """Where the map begins on the page, and how high it is (CSS pixels)."""
    left, top, height = page.evaluate(
        "(() => { const b = window.__twin.map.getContainer().getBoundingClientRect(); return [b.x, b.y, b.height] })()"
    )
    return left, top, height


def opened(page: Page) -> str | None:
    match = re.search(r"sel=(\w+:\d+)", page.url)
    return match[1] if match else None


def test_sixty_of_sixty_windows_open_their_own_dwelling(signed_in: Page, site: Site) -> None:
    print(f"seed {SEED}")
    height = map_box(signed_in)[2]
    targets = Scene(site.database, footprint_kinds()).targets(COUNT, SEED, height_px=height)
    assert len({target.kind for target in targets}) >= 6
    wrong = []
    for target in targets:
        x, y = look(signed_in, target)
        before = opened(signed_in)
        expected = f"dwelling:{target.dwelling}"
        signed_in.mouse.click(x, y)
        if before != expected:
            until(
                lambda before=before: opened(signed_in) != before,
                f"a click at {x:.0f}, {y:.0f} opens something",
            )
        if opened(signed_in) != expected:
            wrong.append((target, opened(signed_in)))
    assert not wrong, f"{len(wrong)} of {COUNT} clicks opened something else (seed {SEED}): {wrong[:3]}"


@pytest.mark.parametrize("shift_m", [30.0])
def test_the_aim_itself_can_miss(site: Site, shift_m: float) -> None:
    """The ray cast must be able to say no: an eye below ground level of a wall's far side sees another wall or none."""
    scene = Scene(site.database, footprint_kinds())
    target = scene.targets(1, SEED)[0]
    x, y = scene.frame.to_local(target.point[0], target.point[1])
    import numpy as np

    aim = np.array([float(x), float(y), target.point[2]])
    panel = int(np.flatnonzero(scene.dwelling == target.dwelling)[0])
    x0, y0, x1, y1, *_ = scene.panels[panel]
    inward = np.array([-(y1 - y0), x1 - x0, 0.0]) / np.hypot(x1 - x0, y1 - y0)
    assert scene.first_hit(aim + inward * shift_m + [0, 0, 1.0], aim) != target.dwelling
