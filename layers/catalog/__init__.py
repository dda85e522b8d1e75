"""All layers, in the order in which they are drawn from the ground up."""

from layers.catalog import ground, places  # noqa: F401  (importing declares; the order is the order of drawing)
