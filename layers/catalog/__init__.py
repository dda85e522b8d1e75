"""All layers. A layer is declared by importing its file; the order here is the order of drawing, from the ground up."""

from importlib import import_module

FROM_THE_GROUND_UP = ("ground", "places", "live")

for name in FROM_THE_GROUND_UP:
    import_module(f"layers.catalog.{name}")
