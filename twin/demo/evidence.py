"""Drawn pictures of something that was done, for claims that nobody made: a path, a wall, some green, and a tick."""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 480
SKIES = ("#9ec9ee", "#b8d6e8", "#d9d3c4", "#8fb4d9")
WALLS = ("#d8c7a8", "#c9b8a5", "#b9c4c9", "#d3bfae")
GREENS = ("#4f9a4f", "#6aa84f", "#3f8f63")


def draw_evidence(seed: int) -> bytes:
    """A PNG of 640 by 480; the same seed gives the same picture."""
    pick = Random(seed)  # noqa: S311  (not a secret)
    image = Image.new("RGB", (WIDTH, HEIGHT), pick.choice(SKIES))
    pen = ImageDraw.Draw(image)
    left = pick.randint(60, 220)
    pen.rectangle([left, 70, left + 300, 330], fill=pick.choice(WALLS))
    for row in range(4):
        for column in range(5):
            x, y = left + 24 + column * 54, 90 + row * 58
            pen.rectangle([x, y, x + 30, y + 36], fill="#5f7a92")
    pen.rectangle([0, 330, WIDTH, HEIGHT], fill=pick.choice(GREENS))
    pen.polygon([(260, 330), (380, 330), (500, HEIGHT), (140, HEIGHT)], fill="#c8c2b8")
    for _ in range(9):
        x, y, size = pick.randint(10, WIDTH - 40), pick.randint(340, 440), pick.randint(14, 34)
        pen.ellipse([x, y, x + size, y + size], fill=pick.choice(GREENS), outline="#2f6b3a", width=2)
    pen.ellipse([530, 370, 610, 450], fill="#1f9d6b")
    pen.line([(548, 412), (565, 430), (594, 392)], fill="white", width=9, joint="curve")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
