"""Which version of the shapes is drawn; for all staff of a community."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from layers.layer import Audience
from layers.live.facts import Fact, ShapesFact
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.places.events import ShapesChanged
from twin.places.models import Grid
from twin.places.shape_versions import blocks_in


def _snapshot(roots: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    grids = visible(Grid.objects.all(), to=scope).filter(pk__in=roots, parent=None)
    for grid in grids.select_related("community").defer("geometry", "community__boundary"):
        yield grid.pk, ShapesFact(blocks_in(grid.community_id), grid.community.shape_version)


def _changed(events: Sequence[ShapesChanged]) -> Iterator[tuple[int, Fact]]:
    root_of = dict(
        Grid.objects.filter(community__in={e.community_id for e in events}, parent=None).values_list(
            "community", "pk"
        )
    )
    for event in events:
        blocks = {f"14/{x}/{y}": version for x, y, version in event.blocks}
        yield root_of[event.community_id], ShapesFact(blocks, event.version)


register(
    Stream(
        name="places",
        level=Level.ROOT,
        audience=Audience.STAFF,
        snapshot=_snapshot,
        facts={ShapesChanged: _changed},
    )
)
