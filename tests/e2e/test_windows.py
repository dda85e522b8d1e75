"""Every window can be clicked, and the panel that opens is that dwelling's."""

from __future__ import annotations

import os

import numpy as np
from playwright.sync_api import Page

from tests.e2e.aim import Scene, Target
from tests.e2e.looking import click, jump, opened, pixels, screen_of
from tests.waiting import until

SEED = int(os.environ.get("TWIN_CLICK_SEED", "20261122"))
COUNT = 60
LEAST_KINDS = 6


def test_sixty_of_sixty_windows_open_their_own_dwelling(still: Page, scene: Scene) -> None:
    targets = scene.targets(COUNT, SEED, screen_of(still))
    kinds = {target.kind for target in targets}
    print(f"seed {SEED}: {', '.join(sorted(kinds))}")
    assert len(kinds) >= LEAST_KINDS
    wrong = [(target, fault) for target in targets if (fault := click(still, target))]
    assert not wrong, f"{len(wrong)} of {COUNT} clicks went wrong (seed {SEED}): {wrong[:3]}"


def test_the_window_that_was_clicked_lights_up_where_it_was_clicked(still: Page, scene: Scene) -> None:
    target = scene.targets(1, SEED + 1, screen_of(still))[0]
    jump(still, target.view)
    still.mouse.move(0, 0)
    before = pixels(still, *target.pixel)
    still.mouse.click(*target.pixel)
    until(lambda: opened(still) == f"dwelling:{target.dwelling}", "the dwelling is opened")
    still.mouse.move(0, 0)
    until(lambda: np.abs(pixels(still, *target.pixel) - before).mean() > 10, "it looks different")


def outside_of(scene: Scene, target: Target, metres: float) -> np.ndarray:
    """A point so far out from the middle of a target's wall (negative: so far inside the building), and a metre up."""
    x0, y0, x1, y1, *_ = next(
        panel
        for panel, dwelling in zip(scene.panels, scene.dwelling, strict=True)
        if dwelling == target.dwelling
    )
    outward = np.array([y1 - y0, -(x1 - x0), 0.0]) / np.hypot(x1 - x0, y1 - y0)
    return np.array([(x0 + x1) / 2, (y0 + y1) / 2, target.point[2]]) + outward * metres + [0, 0, 1.0]


def test_the_aim_itself_can_say_no(still: Page, scene: Scene) -> None:
    # Of a dwelling with a single wall: one that has windows on both sides may be seen from behind as well.
    seen = scene.targets(20, SEED, screen_of(still))
    target = next(one for one in seen if (scene.dwelling == one.dwelling).sum() == 1)
    wall = outside_of(scene, target, 0.0) - [0, 0, 1.0]
    assert scene.first_hit(outside_of(scene, target, 1.0), wall) == target.dwelling
    assert scene.first_hit(outside_of(scene, target, -40.0), wall) != target.dwelling, (
        "it stands before itself"
    )
