"""People and tags by name. People are told masked, each with a home to go to; how they were found is noted in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twin.access.gate import visible
from twin.access.roles import Personal
from twin.accounts.models import User
from twin.api.search_places import MOST, middle_m
from twin.base.scope import Scope
from twin.people.actions import find_by_last_digits, find_by_name
from twin.people.masking import masked_name
from twin.people.models import Residence, Tag
from twin.people.querysets import MOST_TOLD
from twin.people.readings import asked_words, words_of
from twin.places.descriptions import address_of
from twin.places.models import Community


def people_called(text: str, community: Community, scope: Scope, viewer: User) -> list[dict[str, Any]]:
    found = find_by_name(by=viewer, scope=scope, community=community, text=text, most=MOST)
    return _at_home(found, community, scope)[:MOST]


def people_with_digits(digits: str, community: Community, scope: Scope, viewer: User) -> list[dict[str, Any]]:
    """Raises Invalid and TooMany like `find_by_last_digits`."""
    found = find_by_last_digits(by=viewer, scope=scope, community=community, digits=digits)
    return _at_home(found, community, scope)


def tags_called(text: str, community: Community, scope: Scope) -> list[dict[str, Any]]:
    """Of those levels that are told to the viewer anywhere in the community, by name or its reading."""
    most = min(scope.in_community(community.pk).most_of_tags, MOST_TOLD)
    rows = visible(Tag.objects.in_force(), to=scope).filter(community=community, level__lte=most)
    rows = rows.select_related("tag_class").order_by("position", "pk")
    return [_tag(tag) for tag in rows if _is_called(tag, text)][:MOST]


def _at_home(people: Sequence[int], community: Community, scope: Scope) -> list[dict[str, Any]]:
    """In the order given, each with the homes that the viewer may be told of."""
    place = {person_id: n for n, person_id in enumerate(people)}
    told = scope.in_community(community.pk).telling(Personal.NAME)
    rows = visible(Residence.objects.at_home(), to=told).filter(person__in=people)
    rows = rows.select_related("person", "dwelling__unit", "dwelling__building__compound")
    homes = {(row.person_id, row.dwelling_id): row for row in rows}
    return [_person(row) for row in sorted(homes.values(), key=lambda row: (place[row.person_id], row.pk))]


def _person(row: Residence) -> dict[str, Any]:
    dwelling = row.dwelling
    at = dwelling.footprint.point_on_surface
    return {
        "kind": "person", "id": row.person_id, "title": masked_name(row.person.name),
        "subtitle": address_of(dwelling.building, dwelling.unit, dwelling.room), "dwelling": dwelling.pk,
        "center": [at.x, at.y], "height_m": middle_m(dwelling), "room_missing": "",
    }  # fmt: skip


def _is_called(tag: Tag, text: str) -> bool:
    wanted = text.casefold()
    if len(wanted) > 1 and any(wanted in said.casefold() for said in (tag.name, tag.name_en)):
        return True
    words = words_of(tag.name)
    return any(f" {word}" in words for word in asked_words(text) if text.isascii())


def _tag(tag: Tag) -> dict[str, Any]:
    return {
        "kind": "tag", "id": tag.pk, "title": tag.name, "subtitle": tag.tag_class.name, "dwelling": None,
        "center": None, "height_m": 0.0, "room_missing": "",
    }  # fmt: skip
