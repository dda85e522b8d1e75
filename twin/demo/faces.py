"""Drawn faces for made-up people: a few shapes and colours, so that nobody takes them for a photograph."""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = 192
SCALE = 3  # drawn larger and scaled down: smooth edges
BACKGROUNDS = ("#2b6cb0", "#2f855a", "#975a16", "#6b46c1", "#b83280", "#2c7a7b", "#4a5568", "#9b2c2c")
SKINS = ("#f2cfae", "#e8bd94", "#d9a878", "#f5d9c0")
HAIRS = ("#1a1a1f", "#2d1f1a", "#3b2b22", "#6b6b70", "#a9a9ad")
COATS = ("#1d4ed8", "#0f766e", "#b45309", "#7c3aed", "#334155")


def draw_face(seed: int) -> bytes:
    """A PNG of 192 by 192; the same seed gives the same face."""
    pick = Random(seed * 7919 + 11)  # noqa: S311  (not a secret)
    side = SIZE * SCALE
    image = Image.new("RGB", (side, side), pick.choice(BACKGROUNDS))
    pen = ImageDraw.Draw(image)

    def oval(x: float, y: float, width: float, height: float, colour: str) -> None:
        pen.ellipse(
            [(x - width) * side, (y - height) * side, (x + width) * side, (y + height) * side], fill=colour
        )

    skin, hair, coat = pick.choice(SKINS), pick.choice(HAIRS), pick.choice(COATS)
    if pick.random() < 0.5:
        oval(0.5, 0.5, 0.27, 0.34, hair)  # long hair behind
    oval(0.5, 1.06, 0.42, 0.36, coat)
    oval(0.5, 0.70, 0.10, 0.14, skin)
    oval(0.5, 0.38, 0.24, 0.22, hair)
    oval(0.5, 0.47, 0.20, 0.24, skin)
    fringe = pick.uniform(0.25, 0.32)
    pen.pieslice([0.29 * side, 0.17 * side, 0.71 * side, (fringe + 0.28) * side], 180, 360, fill=hair)
    for x in (0.42, 0.58):
        oval(x, 0.48, 0.022, 0.026, "#20242c")
    pen.arc(
        [0.43 * side, 0.52 * side, 0.57 * side, 0.62 * side], 20, 160, fill="#8c4a3c", width=int(side * 0.014)
    )
    if pick.random() < 0.35:
        for x in (0.42, 0.58):
            pen.ellipse(
                [(x - 0.06) * side, 0.43 * side, (x + 0.06) * side, 0.54 * side],
                outline="#20242c",
                width=int(side * 0.012),
            )
    out = BytesIO()
    image.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
