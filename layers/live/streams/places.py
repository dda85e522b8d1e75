"""Which version of the shapes is drawn, and which grids can be followed; for all staff of a community."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from layers.layer import Audience
from layers.live.facts import Fact, GridsFact, ShapesFact
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.places.events import GridDrawn, GridReshaped, ShapesChanged
from twin.places.models import Grid
from twin.places.shape_versions import blocks_in


def _snapshot(roots: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    grids = visible(Grid.objects.all(), to=scope).filter(pk__in=roots, parent=None)
    for grid in grids.select_related("community").defer("geometry", "community__boundary"):
        yield grid.pk, ShapesFact(blocks_in(grid.community_id), grid.community.shape_version)
        yield grid.pk, _leaves(grid.community_id)


def _changed(events: Sequence[ShapesChanged]) -> Iterator[tuple[int, Fact]]:
    root_of = _roots({event.community_id for event in events})
    for event in events:
        blocks = {f"14/{x}/{y}": version for x, y, version in event.blocks}
        yield root_of[event.community_id], ShapesFact(blocks, event.version)


def _divided(events: Sequence[GridDrawn | GridReshaped]) -> Iterator[tuple[int, Fact]]:
    for community_id, root in _roots({event.community_id for event in events}).items():
        yield root, _leaves(community_id)


def _leaves(community_id: int) -> GridsFact:
    leaves = Grid.objects.filter(community=community_id).leaves().order_by("pk")
    return GridsFact(list(leaves.values_list("pk", flat=True)))


def _roots(communities: set[int]) -> dict[int, int]:
    roots = Grid.objects.filter(community__in=communities, parent=None)
    return dict(roots.values_list("community", "pk"))


register(
    Stream(
        name="places",
        level=Level.ROOT,
        audience=Audience.STAFF,
        snapshot=_snapshot,
        facts={ShapesChanged: _changed, GridDrawn: _divided, GridReshaped: _divided},
    )
)
