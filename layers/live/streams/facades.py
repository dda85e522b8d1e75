"""Whose windows may look different now, for whoever has coloured the facades by a fact. It says neither how nor why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from layers import catalog  # noqa: F401  (the subjects are declared there)
from layers.facade import Touched
from layers.facades import all_subjects
from layers.layer import Audience
from layers.live.facts import Fact, RecolouredFact
from layers.live.registry import register
from layers.live.stream import Level, Stream, Tell
from twin.base.events import Event
from twin.base.scope import Scope
from twin.places.events import BuildingCut, BuildingEnded, BuildingMovedToGrid
from twin.places.models import Dwelling

EVERY_MODE = "places"
"""What is told of dwellings that came, went or belong to others now, whatever the mode is about."""

Places = Iterable[tuple[int, int]]
"""(leaf grid, dwelling)"""


def _snapshot(grids: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    """Nothing is held here: who joins asks for the colours afterwards."""
    return iter(())


def _where(dwelling_ids: Iterable[int | None]) -> Places:
    wanted = {pk for pk in dwelling_ids if pk is not None}
    return Dwelling.objects.filter(pk__in=wanted).values_list("building__grid_id", "pk")


def _in_building(events: Sequence[BuildingCut | BuildingEnded]) -> Places:
    """All cells that it has or had: the old ones are counted no more."""
    buildings = {event.building_id for event in events}
    return Dwelling.objects.filter(building__in=buildings).values_list("building__grid_id", "pk")


def _in_moved_building(events: Sequence[BuildingMovedToGrid]) -> Places:
    """Told where they were and where they are: some lose the right to their facts, others gain it."""
    grids: dict[int, set[int]] = defaultdict(set)
    for event in events:
        grids[event.building_id] |= {event.from_grid_id, event.to_grid_id}
    standing = Dwelling.objects.standing().filter(building__in=grids)
    for building_id, pk in standing.values_list("building_id", "pk"):
        for grid_id in grids[building_id]:
            yield grid_id, pk


Source = tuple[str, Callable[[Sequence[Any]], Places]]
"""What the events are news about, and where."""


def _touched_by(touched: Touched) -> Callable[[Sequence[Any]], Places]:
    return lambda events: _where(touched(events))


def _telling(sources: Sequence[Source]) -> Tell:
    """One fact for each leaf grid and subject, however many dwellings it is about."""

    def tell(events: Sequence[Any]) -> Iterator[tuple[int, Fact]]:
        for about, places in sources:
            of_grid: dict[int, set[int]] = defaultdict(set)
            for grid_id, dwelling_id in places(events):
                of_grid[grid_id].add(dwelling_id)
            for grid_id in sorted(of_grid):
                yield grid_id, RecolouredFact(about, sorted(of_grid[grid_id]))

    return tell


def _facts() -> dict[type[Event], Tell]:
    sources: dict[type[Event], list[Source]] = defaultdict(list)
    for subject in all_subjects():
        for event, touched in subject.events.items():
            sources[event].append((subject.name, _touched_by(touched)))
    sources[BuildingCut].append((EVERY_MODE, _in_building))
    sources[BuildingEnded].append((EVERY_MODE, _in_building))
    sources[BuildingMovedToGrid].append((EVERY_MODE, _in_moved_building))
    return {event: _telling(of_event) for event, of_event in sources.items()}


register(
    Stream(
        name="facades",
        level=Level.LEAF,
        audience=Audience.GRANTED,
        snapshot=_snapshot,
        facts=_facts(),
    )
)
