from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from twin.base.errors import Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.events import DwellingsUsed
from twin.places.models import Community, Dwelling


@verb
def state_use(*, community: Community, uses: Mapping[int, str]) -> None:
    """Say what dwellings are used for: id -> `Dwelling.Use`. Raises Invalid for a dwelling that does not stand in this
    community, or a use that there is not."""
    by_use: dict[str, list[int]] = defaultdict(list)
    for dwelling_id, use in uses.items():
        if use not in Dwelling.Use.values:
            raise Invalid("'%(use)s' is no use of a dwelling.", use=use, where="use")
        by_use[use].append(dwelling_id)
    rows = Dwelling.objects.standing().filter(community=community)
    known = set(rows.filter(pk__in=list(uses)).values_list("pk", flat=True))
    for dwelling_id in uses:
        if dwelling_id not in known:
            raise Invalid("There is no dwelling %(id)s in this community.", id=dwelling_id, where="dwelling")
    for use, ids in by_use.items():
        rows.filter(pk__in=ids).update(use=use)
    if uses:
        emit(DwellingsUsed(community_id=community.pk, dwelling_ids=tuple(sorted(uses))))
