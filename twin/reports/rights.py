"""Who makes reports, and as what. A report tells of many people at once, so it takes a role that works with people."""

from __future__ import annotations

from twin.access.gate import fetch
from twin.base.errors import Forbidden
from twin.base.scope import Scope
from twin.places.models import Community
from twin.reports.querysets import makes_reports


def community_of(community_id: int, scope: Scope) -> Community:
    """Raises NotVisible for a community that the viewer is not on the staff of."""
    return fetch(Community.objects.defer("boundary"), to=scope, pk=community_id)


def reporting(scope: Scope, community: Community) -> Scope:
    """The viewer with only those grants in this community that make reports. Every question of this room is asked with it.

    Raises Forbidden for staff without one.
    """
    own = scope.in_community(community.pk).where(makes_reports)
    if not own.grants:
        raise Forbidden("Reports tell of people, and your role does not work with people.")
    return own
