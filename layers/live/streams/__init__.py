"""All streams."""

from layers.live.streams import alarms, devices, facades, inbox, patrol, places, tags  # noqa: F401  (importing declares)
