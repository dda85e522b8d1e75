"""Which grid a building belongs to: the one that holds most of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

Area: TypeAlias = Polygon | MultiPolygon
SAME_SHARE: Final = 1e-9
CLEAR_SHARE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Assignment:
    """grid: the id of the grid with the largest share of the area, the lowest id among equals; None for no
    share at all.

    shares: (grid id, share 0..1) of every grid that holds a part, largest first. borderline: whether the
    largest share is below the clear one, because another grid, or none, holds the rest.
    """

    grid: int | None
    shares: tuple[tuple[int, float], ...]
    borderline: bool


def assign(
    buildings: Mapping[int, Area], grids: Mapping[int, Area], clear_share: float = CLEAR_SHARE
) -> dict[int, Assignment]:
    """The grid of every building, by id; both valid, in the same flat or geographic coordinates.

    Shares of a building are the same in degrees and in metres. A building without area lies where its first
    point is.
    """
    ids, shapes = np.array(list(buildings), dtype=np.int64), np.array(list(buildings.values()), dtype=object)
    shares: dict[int, list[tuple[int, float]]] = {int(identity): [] for identity in ids}
    for grid in sorted(grids):
        touched, held = _shares(shapes, grids[grid])
        for index, share in zip(touched, held, strict=True):
            shares[int(ids[index])].append((grid, float(share)))
    return {identity: _decided(found, clear_share) for identity, found in shares.items()}


def _shares(shapes: NDArray[np.object_], grid: Area) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Indexes of the shapes that lie in a grid at least partly, and by which share."""
    if len(shapes) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0)
    shapely.prepare(grid)
    touched = np.flatnonzero(shapely.intersects(grid, shapes))
    share = np.ones(len(touched))
    partly = ~shapely.covers(grid, shapes[touched])
    cut = shapes[touched[partly]]
    share[partly] = shapely.area(shapely.intersection(cut, grid)) / np.maximum(shapely.area(cut), 1e-300)
    real = share > SAME_SHARE
    return touched[real], np.minimum(share[real], 1.0)


def _decided(shares: list[tuple[int, float]], clear_share: float) -> Assignment:
    ranked = sorted(shares, key=lambda each: (-round(each[1] / SAME_SHARE), each[0]))
    if not ranked:
        return Assignment(None, (), borderline=True)
    clear = ranked[0][1] >= clear_share and (
        len(ranked) == 1 or ranked[1][1] <= 1.0 - clear_share + SAME_SHARE
    )
    return Assignment(ranked[0][0], tuple(ranked), borderline=not clear)
