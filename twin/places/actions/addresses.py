from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.addresses.deciding import Lesson
from twin.places.events import AddressAliasEnded, AddressAliasLearned
from twin.places.models import AddressAlias, Building, Community, Compound, Dwelling

LONGEST_SOURCE = 80


@verb
def learn_alias(
    *, community: Community, lesson: Lesson, source: str = "", by: User | None = None
) -> AddressAlias:
    """Remember what a clerk decided that an address or a name means. What was decided before about the same text ends.

    source: only for rosters of that name. Raises Invalid for a place of another community, and for an address that may lie
    anywhere and is to hold everywhere.
    """
    if lesson.needs_source and not source:
        raise Invalid(
            "This address names no place, so it means another one in another roster; decide it for one roster.",
            where="source",
        )
    _require_place(community, lesson)
    same = AddressAlias.objects.in_force().filter(
        community=community, source=source, covers=lesson.covers, text=lesson.text, number=lesson.number
    )
    meaning = {
        "compound_id": lesson.compound_id,
        "building_id": lesson.building_id,
        "dwelling_id": lesson.dwelling_id,
    }
    standing = same.select_for_update().first()
    if standing is not None:
        if {name: getattr(standing, name) for name in meaning} == meaning:
            return standing
        _end(standing, by)
    alias = AddressAlias.objects.create(
        community=community, source=source[:LONGEST_SOURCE], covers=lesson.covers, text=lesson.text,
        number=lesson.number, decided_by=by, **meaning,
    )  # fmt: skip
    emit(AddressAliasLearned(community_id=community.pk, alias_id=alias.pk))
    return alias


@verb
def end_alias(*, alias: AddressAlias, by: User | None = None) -> None:
    """It was a mistake, or is so no longer. Raises Conflict for one that has ended."""
    standing = AddressAlias.objects.in_force().select_for_update().filter(pk=alias.pk).first()
    if standing is None:
        raise Conflict("This alias has ended already.")
    _end(standing, by)
    emit(AddressAliasEnded(community_id=alias.community_id, alias_id=alias.pk))


@verb
def end_aliases_of(
    *, compounds: Sequence[int] = (), buildings: Sequence[int] = (), dwellings_of: Sequence[int] = ()
) -> None:
    """What these meant is no more, so the names mean nothing. dwellings_of: buildings that end, or are cut anew, and with
    them all their dwellings."""
    gone = Q(compound__in=compounds) | Q(building__in=buildings) | Q(dwelling__building__in=dwellings_of)
    for alias in AddressAlias.objects.in_force().filter(gone).order_by("pk").select_for_update(of=("self",)):
        _end(alias, None)
        emit(AddressAliasEnded(community_id=alias.community_id, alias_id=alias.pk))


def _end(alias: AddressAlias, by: User | None) -> None:
    alias.ended_at, alias.ended_by = timezone.now(), by
    alias.save(update_fields=["ended_at", "ended_by"])


def _require_place(community: Community, lesson: Lesson) -> None:
    rows = {
        "compound": (Compound.objects.standing(), lesson.compound_id),
        "building": (Building.objects.standing(), lesson.building_id),
        "dwelling": (Dwelling.objects.standing(), lesson.dwelling_id),
    }
    for name, (standing, place_id) in rows.items():
        if place_id is not None and not standing.filter(pk=place_id, community=community).exists():
            raise Invalid("There is no such place in %(community)s.", community=community, where=name)
