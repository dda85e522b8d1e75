"""A network of streets to walk on. Everything here is in local metres (x east, y north), see `gis.local_metres`."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, STRtree
from shapely.ops import substring

Path = NDArray[np.float64]
"""Corners of a way, (n, 2)."""
Node = tuple[float, float]
FIRST = -1
"""In place of a piece's index: nothing was walked before this node but the rest of the first piece."""


class NoWay(ValueError):
    """Two places that no street joins."""


class Spot(NamedTuple):
    """A place on a street: which piece, and how many metres along it."""

    piece: int
    along: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A street between two crossings."""

    begins: Node
    ends: Node
    line: LineString


class Streets:
    """The streets, cut at every crossing. Raises NoWay if there are none."""

    def __init__(self, lines: Iterable[LineString]) -> None:
        cut = shapely.node(shapely.GeometryCollection(list(lines)))
        self.pieces = [
            Piece(_node(line.coords[0]), _node(line.coords[-1]), line)
            for line in shapely.get_parts(cut)
            if line.length > 0
        ]
        if not self.pieces:
            raise NoWay("there are no streets")
        self._at: dict[Node, list[int]] = defaultdict(list)
        for index, piece in enumerate(self.pieces):
            self._at[piece.begins].append(index)
            self._at[piece.ends].append(index)
        self._tree = STRtree([piece.line for piece in self.pieces])

    def snap(self, x: float, y: float) -> Spot:
        """The nearest place on a street."""
        index = int(self._tree.nearest(Point(x, y)))
        return Spot(index, float(self.pieces[index].line.project(Point(x, y))))

    def place(self, spot: Spot) -> tuple[float, float]:
        point = self.pieces[spot.piece].line.interpolate(spot.along)
        return point.x, point.y

    def route(self, start: Spot, goal: Spot) -> Path:
        """The shortest way. Raises NoWay."""
        if start.piece == goal.piece:
            return _corners([substring(self.pieces[start.piece].line, start.along, goal.along)])
        last = self.pieces[goal.piece]
        ends = {last.begins: goal.along, last.ends: last.line.length - goal.along}
        node, came_from = self._search(start, ends)
        lines = [self._from_node(node, goal)]
        while came_from[node] != (node, FIRST):
            previous, index = came_from[node]
            lines.append(self._along(index, previous, node))
            node = previous
        lines.append(self._to_node(start, node))
        return _corners(lines[::-1])

    def _search(self, start: Spot, ends: dict[Node, float]) -> tuple[Node, dict[Node, tuple[Node, int]]]:
        """Dijkstra from both ends of the first piece to whichever end of the last one makes the whole way shortest."""
        first = self.pieces[start.piece]
        came_from: dict[Node, tuple[Node, int]] = {}
        queue = [
            (start.along, first.begins, (first.begins, FIRST)),
            (first.line.length - start.along, first.ends, (first.ends, FIRST)),
        ]
        heapq.heapify(queue)
        best: tuple[float, Node] | None = None
        while queue:
            metres, node, step = heapq.heappop(queue)
            if best is not None and metres >= best[0]:
                break
            if node in came_from:
                continue
            came_from[node] = step
            if node in ends and (best is None or metres + ends[node] < best[0]):
                best = (metres + ends[node], node)
            for index in self._at[node]:
                piece = self.pieces[index]
                other = piece.ends if piece.begins == node else piece.begins
                heapq.heappush(queue, (metres + piece.line.length, other, (node, index)))
        if best is None:
            raise NoWay("no street joins the two places")
        return best[1], came_from

    def _along(self, index: int, begins: Node, ends: Node) -> LineString:
        piece = self.pieces[index]
        return piece.line if (piece.begins, piece.ends) == (begins, ends) else piece.line.reverse()

    def _to_node(self, spot: Spot, node: Node) -> LineString:
        piece = self.pieces[spot.piece]
        return substring(piece.line, spot.along, 0 if node == piece.begins else piece.line.length)

    def _from_node(self, node: Node, spot: Spot) -> LineString:
        return self._to_node(spot, node).reverse()


def _node(corner: Sequence[float]) -> Node:
    """Ends that meet are the same to the decimetre."""
    return round(corner[0], 1), round(corner[1], 1)


def _corners(lines: Sequence[LineString]) -> Path:
    return np.concatenate([shapely.get_coordinates(line) for line in lines])
