"""Where a tag was given, verified or ended: told by level, so that a message says nothing to who may not be told of it.

One stream for each level that is told: `tags1` to `tags4`. Of L5 only "extra care" is told, to those who are granted L4, and
so is its news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from layers.catalog.facades_people import OF_PEOPLE
from layers.catalog.facades_tags import GIVEN
from layers.layer import Audience
from layers.live.facts import Fact, RecolouredFact
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.base.scope import Scope
from twin.people.events import TagsEnded, TagsGiven, TagVerified
from twin.people.models import Residence, Tag
from twin.people.querysets import MOST_TOLD
from twin.places.models import Dwelling

Told = TagsGiven | TagsEnded | TagVerified


def _snapshot(grids: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    """Nothing is held here: who joins asks for the tags afterwards."""
    return iter(())


def _tell(level: int, events: Sequence[Any]) -> Iterator[tuple[int, Fact]]:
    """One fact for each leaf grid, however many dwellings it is about."""
    homes = {home for event in events for home in _homes(level, event)}
    of_grid: dict[int, list[int]] = defaultdict(list)
    rows = Dwelling.objects.filter(pk__in=homes).order_by("pk").values_list("building__grid_id", "pk")
    for grid_id, dwelling_id in rows:
        of_grid[grid_id].append(dwelling_id)
    for grid_id, ids in sorted(of_grid.items()):
        yield grid_id, RecolouredFact(OF_PEOPLE.name, ids)


def _homes(level: int, event: Told) -> Iterable[int]:
    """The windows behind which somebody has one of these tags, of this level."""
    ids = (event.tagging_id,) if isinstance(event, TagVerified) else event.tagging_ids
    rows = GIVEN[event.applies_to].filter(pk__in=ids)
    of_level = rows.filter(tag__level__gte=level) if level == MOST_TOLD else rows.filter(tag__level=level)
    if event.applies_to == Tag.Applies.PERSON:
        people = of_level.values("person")
        return Residence.objects.current().filter(person__in=people).values_list("dwelling_id", flat=True)
    where = {Tag.Applies.HOUSEHOLD: "household__dwelling_id", Tag.Applies.DWELLING: "dwelling_id"}
    found: Iterable[int] = of_level.values_list(where[Tag.Applies(event.applies_to)], flat=True)
    return found


for _level in range(1, MOST_TOLD + 1):
    register(
        Stream(
            name=f"tags{_level}",
            level=Level.LEAF,
            audience=Audience.GRANTED,
            snapshot=_snapshot,
            facts=dict.fromkeys((TagsGiven, TagsEnded, TagVerified), partial(_tell, _level)),
            tag_level=_level,
        )
    )
