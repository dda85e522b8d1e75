"""Scope: the resolved answer to "what may this viewer see", as an immutable value.

It is only a value, so it stands below the rooms whose querysets read it; `twin.access` resolves it from roles and is the
only gate that applies it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a place and all below it: a grid path ("/1/12/"), or one unit. `facts` says whether the role opens the
    facts there; a planner's or an auditor's does not. What it opens of people there: tags up to `tag_level`, the
    personal fields `people`, masked, and one at a time, with a reason, the fields `reveals`. `gives`: the highest level of
    tags that it gives and ends there, 0 for none."""

    community_id: int
    role: str
    path: str = ""
    unit_id: int | None = None
    facts: bool = True
    tag_level: int = 0
    people: frozenset[str] = frozenset()
    reveals: frozenset[str] = frozenset()
    gives: int = 0

    @property
    def whole(self) -> bool:
        """Whether it is held at the root of the grid tree, and so for everything that the community has."""
        return self.path.count("/") == 2

    def covers(self, path: str, unit_id: int | None) -> bool:
        """Whether its place contains this one; `unit_id` where what is asked about lies in a unit."""
        if self.unit_id is not None:
            return self.unit_id == unit_id
        return bool(self.path) and path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Rights:
    """What all grants at one place open together of the people there."""

    tag_level: int = 0
    people: frozenset[str] = frozenset()
    reveals: frozenset[str] = frozenset()
    gives: int = 0

    def __or__(self, other: Rights) -> Rights:
        return Rights(
            max(self.tag_level, other.tag_level),
            self.people | other.people,
            self.reveals | other.reveals,
            max(self.gives, other.gives),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looks (`user_id` or `token_id`), where they are staff, and which facts are granted until when (UTC)."""

    user_id: int | None = None
    token_id: int | None = None
    staff_of: frozenset[int] = frozenset()
    grants: tuple[Grant, ...] = ()
    until: datetime | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The grid paths below which facts are granted."""
        return tuple(sorted({g.path for g in self.grants if g.path and g.facts}))

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(g.unit_id for g in self.grants if g.unit_id is not None and g.facts)

    def roles_in(self, community_id: int) -> frozenset[str]:
        return frozenset(g.role for g in self.grants if g.community_id == community_id)

    def whole_of(self, roles: frozenset[str]) -> frozenset[int]:
        """The communities for the whole of which one of these roles is granted."""
        return frozenset(g.community_id for g in self.grants if g.role in roles and g.whole)

    def in_community(self, community_id: int) -> Scope:
        """The same viewer, with what is granted in this community and nothing else."""
        granted = tuple(g for g in self.grants if g.community_id == community_id)
        return replace(self, grants=granted, staff_of=self.staff_of & {community_id})

    def holds(self, roles: frozenset[str], path: str) -> bool:
        """Whether one of these roles is granted at a place that contains `path`."""
        return any(g.role in roles and g.path and path.startswith(g.path) for g in self.grants)

    def covers(self, path: str) -> bool:
        return any(path.startswith(p) for p in self.paths)

    def touches(self, path: str) -> bool:
        """Whether facts are granted at this place, above it, or at some place below it."""
        return any(path.startswith(p) or p.startswith(path) for p in self.paths) or bool(self.unit_ids)

    def where(self, holds: Callable[[Grant], bool]) -> Scope:
        """The same viewer with only those grants: what follows from a right must not follow from another one."""
        return replace(self, grants=tuple(g for g in self.grants if holds(g)))

    def telling(self, field: str) -> Scope:
        """Only the grants that tell this personal field."""
        return self.where(lambda g: field in g.people)

    def rights_at(self, path: str, unit_id: int | None = None) -> Rights:
        """What is opened of the people at one place. A right holds where it was granted and nowhere else."""
        rights = Rights()
        for grant in self.grants:
            if grant.facts and grant.covers(path, unit_id):
                rights |= Rights(grant.tag_level, grant.people, grant.reveals, grant.gives)
        return rights

    @property
    def whole_communities(self) -> frozenset[int]:
        """Communities whose facts are granted altogether."""
        return frozenset(g.community_id for g in self.grants if g.facts and g.whole)

    @property
    def most_of_tags(self) -> int:
        """The highest tag level that is granted anywhere."""
        return max((g.tag_level for g in self.grants if g.facts), default=0)

    def within(self, grid_path: str, unit_id: str | None = None) -> Q:
        """The filter for GRANTED rows, given the lookups of their grid's path and, where rows have one, their unit."""
        wanted = Q(pk__in=[])
        for path in self.paths:
            wanted |= Q(**{f"{grid_path}__startswith": path})
        if unit_id is not None and self.unit_ids:
            wanted |= Q(**{f"{unit_id}__in": self.unit_ids})
        return wanted


NOBODY = Scope()
