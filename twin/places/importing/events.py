from __future__ import annotations

from dataclasses import dataclass

from twin.base.events import Event


@dataclass(frozen=True, slots=True)
class BuildingsImported(Event):
    """Many buildings came at once: one event, because whoever listens re-reads anyway."""

    run_id: int
    source: str
    created: int
    changed: int
    ended: int


@dataclass(frozen=True, slots=True)
class PlacesImported(Event):
    """Grids, compounds, streets or land cover came at once."""

    run_id: int
    kind: str
    source: str
    created: int
    changed: int
    ended: int
