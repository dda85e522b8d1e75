from __future__ import annotations

from dataclasses import dataclass

from twin.base.events import Event

Blocks = tuple[tuple[int, int, int], ...]
"""(x, y, version) of z14 blocks."""


@dataclass(frozen=True, slots=True)
class ShapesChanged(Event):
    """What is drawn changed in these z14 blocks; emitted once per transaction, last."""

    version: int
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class GridDrawn(Event):
    grid_id: int


@dataclass(frozen=True, slots=True)
class GridReshaped(Event):
    grid_id: int
    moved_building_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GridMoved(Event):
    """It hangs elsewhere in the tree, with all that lies below it: whoever is counted or granted by path looks again."""

    grid_id: int
    from_path: str
    to_path: str


@dataclass(frozen=True, slots=True)
class GridEnded(Event):
    """It no longer exists; its buildings have gone where they lie."""

    grid_id: int


@dataclass(frozen=True, slots=True)
class BuildingMovedToGrid(Event):
    """A building belongs to another grid; whatever is counted or told by grid follows it."""

    building_id: int
    from_grid_id: int
    to_grid_id: int


@dataclass(frozen=True, slots=True)
class BuildingEnded(Event):
    """It no longer stands; neither do its units and dwellings."""

    building_id: int


@dataclass(frozen=True, slots=True)
class BuildingCut(Event):
    building_id: int
    dwellings: int


@dataclass(frozen=True, slots=True)
class DwellingsUsed(Event):
    """It was said what these dwellings are used for."""

    dwelling_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddressAliasLearned(Event):
    """A clerk decided what an address or a name means."""

    alias_id: int


@dataclass(frozen=True, slots=True)
class AddressAliasEnded(Event):
    alias_id: int
