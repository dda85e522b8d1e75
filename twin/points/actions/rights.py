"""Who may do what with points. Every verb asks here; `by=None` is the installation itself: its commands and its demo."""

from __future__ import annotations

from twin.access.roles import MAY_RUN_POINTS
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, NotVisible
from twin.base.scope import Scope
from twin.people.models import Household
from twin.people.querysets import in_dwelling, own_households
from twin.places.models import Community


def demand_runner(by: User | None, community: Community) -> None:
    """Raises NotVisible unless this user runs the points of the community."""
    if by is not None and not runs_points(scope_of(by), community.pk):
        raise NotVisible("There is nothing here for you.")


def demand_impartial_runner(by: User | None, household: Household) -> None:
    """Raises NotVisible like `demand_runner`, and Conflict for who lives in that household."""
    demand_runner(by, household.community)
    if by is not None and lives_in(by, household):
        raise Conflict("Somebody else has to decide on your own household.", code="own_household")


def runs_points(scope: Scope, community_id: int) -> bool:
    return community_id in scope.whole_of(MAY_RUN_POINTS)


def acts_for(scope: Scope, household: Household) -> bool:
    """Whether the viewer is a resident of this household."""
    return Household.objects.filter(pk__in=own_households(scope)).filter(pk=household.pk).exists()


def holds_at(scope: Scope, roles: frozenset[str], household: Household) -> bool:
    """Whether one of these roles is granted at a place that contains the household's home."""
    there = in_dwelling(scope.where(lambda g: g.facts and g.role in roles), "dwelling__")
    return Household.objects.filter(there, pk=household.pk).exists()


def lives_in(by: User, household: Household) -> bool:
    """Whether this user lives there, whatever role they act in."""
    mates = household.residences.current().filter(person__user=by)
    found: bool = mates.exists()
    return found
