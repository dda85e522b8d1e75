"""All streams."""

from layers.live.streams import alarms, devices, facades, inbox, patrol, places  # noqa: F401  (importing declares)
