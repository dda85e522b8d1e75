"""What a viewer may be told of people: what the grants at their places open, and of the own household a little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from twin.access.roles import OWN_HOUSEHOLD
from twin.base.scope import Rights, Scope
from twin.people.models import Person, Residence
from twin.people.querysets import own_people


def rights_over(people: Iterable[Person], scope: Scope) -> dict[int, Rights]:
    """By person id, for people that the viewer sees: the rights at every place where one is registered or lives now, or,
    where that is nowhere, those for the whole community."""
    wanted = {person.pk: person.community_id for person in people}
    rights: dict[int, Rights] = defaultdict(Rights)
    for person_id, path, unit_id in _places(wanted):
        rights[person_id] |= scope.rights_at(path, unit_id)
    whole = scope.where(lambda g: g.whole)
    for person_id, community_id in wanted.items():
        for grant in whole.in_community(community_id).grants:
            rights[person_id] |= scope.rights_at(grant.path)
    for person_id in Person.objects.filter(own_people(scope), pk__in=wanted).values_list("pk", flat=True):
        rights[person_id] |= OWN_HOUSEHOLD
    return rights


def _places(person_ids: Iterable[int]) -> Iterable[tuple[int, str, int]]:
    rows = Residence.objects.current().filter(person__in=list(person_ids))
    return rows.values_list("person", "dwelling__building__grid__path", "dwelling__unit").distinct()
