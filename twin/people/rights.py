"""What a viewer may be told of people: what the grants at their places open, and of the own household a little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from twin.access.gate import fetch
from twin.access.roles import OWN_HOUSEHOLD
from twin.base.errors import Invalid, NotVisible
from twin.base.scope import Rights, Scope
from twin.people.models import Household, Person, Residence, Tag
from twin.people.querysets import MOST_TOLD, in_dwelling, own_people
from twin.places.models import Dwelling


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


def giving(scope: Scope, level: int) -> Scope:
    """Only the grants by which a tag of that level is given; L5 by those for a whole community."""
    return scope.where(lambda g: g.facts and g.gives >= level and (level <= MOST_TOLD or g.whole))


def subject_to_tag(tag: Tag, subject_id: int, scope: Scope) -> Person | Household | Dwelling:
    """Whom or what the viewer may give this tag to, or take it from.

    Raises NotVisible for a subject below no place where the viewer gives tags, Invalid for a tag above what is given there.
    """
    subject = _subject(tag.applies_to, subject_id, giving(scope, 1))
    try:
        return _subject(tag.applies_to, subject.pk, giving(scope, tag.level))
    except NotVisible:
        raise Invalid(
            "You do not give tags of L%(level)s here.", level=tag.level, where="tag", code="tag_above_level"
        ) from None


def _subject(applies_to: str, subject_id: int, scope: Scope) -> Person | Household | Dwelling:
    if applies_to == Tag.Applies.DWELLING:
        rows: Any = Dwelling.objects.standing().filter(in_dwelling(scope, ""))
    else:
        model = Person if applies_to == Tag.Applies.PERSON else Household
        rows = model.objects.standing()
    found: Person | Household | Dwelling = fetch(rows, to=scope, pk=subject_id)
    return found


def _places(person_ids: Iterable[int]) -> Iterable[tuple[int, str, int]]:
    rows = Residence.objects.current().filter(person__in=list(person_ids))
    return rows.values_list("person", "dwelling__building__grid__path", "dwelling__unit").distinct()
