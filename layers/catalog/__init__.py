"""All layers and facade modes, declared by importing their files; layers in the order of drawing, from the ground up."""

from importlib import import_module

FROM_THE_GROUND_UP = ("ground", "places", "live")
FACADES = ("facades", "facades_people", "facades_tags", "facades_points", "facades_visits")

for name in FROM_THE_GROUND_UP + FACADES:
    import_module(f"layers.catalog.{name}")
