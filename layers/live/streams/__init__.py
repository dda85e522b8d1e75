"""All streams."""

from layers.live.streams import alarms, devices, inbox, patrol, places  # noqa: F401  (importing declares)
