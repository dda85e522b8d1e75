"""Named questions about people. They are GRANTED facts: a role sees those who live, or are registered, below its own place;
a resident sees the own household.

A right at one place opens nothing at another: a person is seen through a residence that holds now, and a tag by the level
of the very grant whose place contains it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from twin.access.roles import MAY_EDIT_PEOPLE, MAY_INVITE_RESIDENTS, Personal, RoleKind
from twin.base.scope import Grant, Scope
from twin.people.readings import asked_words, spelling

MOST_TOLD = 4
"""L5 never leaves the server: who is granted L4 is told "extra care" and no more."""


def residences() -> ResidenceQuerySet:
    rows: ResidenceQuerySet = apps.get_model("people", "Residence")._default_manager.all()
    return rows


def in_dwelling(scope: Scope, dwelling: str) -> Q:
    """What lies in a dwelling below the granted places; `dwelling` is its lookup, ending in `__`, or empty."""
    whole = Q(**{f"{dwelling}community__in": scope.whole_communities})
    parts = scope.where(lambda g: not g.whole)
    return whole | parts.within(f"{dwelling}building__grid__path", f"{dwelling}unit")


def own_households(scope: Scope) -> models.QuerySet[Any]:
    """The households that the viewer lives in, where the viewer is a resident."""
    own = residences().current().filter(person__user=scope.user_id, person__user__isnull=False)
    return own.filter(person__community__in=_resident_of(scope), household__isnull=False).values("household")


def people_within(scope: Scope) -> Q:
    """Persons with a residence that holds now below the granted places; where the whole community is granted, all."""
    here = residences().current().filter(in_dwelling(scope.where(lambda g: not g.whole), "dwelling__"))
    return Q(community__in=scope.whole_communities) | Q(pk__in=here.values("person"))


def own_people(scope: Scope) -> Q:
    """The viewer's own household, and the viewer."""
    if not _resident_of(scope):
        return Q(pk__in=[])
    mates = residences().current().filter(household__in=own_households(scope))
    self_ = Q(user=scope.user_id, user__isnull=False, community__in=_resident_of(scope))
    return self_ | Q(pk__in=mates.values("person"))


def of_people(scope: Scope) -> Q:
    """Rows about a `person` below the granted places."""
    return Q(person__in=apps.get_model("people", "Person")._default_manager.filter(people_within(scope)))


def by_level(scope: Scope, level: str, place: Callable[[Scope], Q]) -> Q:
    """Tags up to the level that is granted where they are: one term for each level, so that none leaks to another place."""
    wanted = Q(pk__in=[])
    for allowed in sorted({g.tag_level for g in scope.grants if g.facts and g.tag_level}):
        there = scope.where(lambda g, allowed=allowed: g.facts and g.tag_level == allowed)  # type: ignore[misc]
        wanted |= Q(**{f"{level}__lte": min(allowed, MOST_TOLD)}) & place(there)
    return wanted


def _resident_of(scope: Scope) -> frozenset[int]:
    return frozenset(g.community_id for g in scope.grants if g.role == RoleKind.RESIDENT)


def _tells_of_people(grant: Grant) -> bool:
    return Personal.NAME in grant.people


class AgreedQuerySet(models.QuerySet[Any]):
    """What a community has agreed on, for all of its staff."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=scope.staff_of)

    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class CommunitySettingQuerySet(models.QuerySet[Any]):
    """One row for each community."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=scope.staff_of)


class TagQuerySet(AgreedQuerySet):
    """The catalogue. L5 codes are for those who give them."""

    def visible_to(self, scope: Scope) -> Self:
        editors = scope.whole_of(MAY_EDIT_PEOPLE)
        return super().visible_to(scope).filter(Q(level__lte=MOST_TOLD) | Q(community__in=editors))


class HeldQuerySet(models.QuerySet[Any]):
    """Rows with `during`, a range of time: they are their own history."""

    def at(self, moment: datetime) -> Self:
        """What held at that moment (UTC)."""
        return self.filter(during__contains=moment)

    def current(self) -> Self:
        """What holds now: what has run out is out of it by itself."""
        return self.filter(during__contains=Now())


class PersonQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(people_within(scope.where(_tells_of_people)) | own_people(scope))

    def standing(self) -> Self:
        """Who has neither moved away nor died."""
        return self.filter(ended_at=None)

    def called(self, text: str, *, wholly: bool = False) -> Self:
        """Whose name, or given name, begins like this, or `wholly` is this: in characters, spelt out, or in initials."""
        end = " " if wholly else ""
        wanted = Q(pk__in=[])
        for word in asked_words(text):
            wanted |= Q(name_words__contains=f" {word}{end}")
        if signs := spelling(text):
            wanted &= Q(name__iregex=signs)
        return self.filter(wanted)

    def with_counts_of_homes(self) -> Self:
        """Whether they are registered (`is_registered`) and whether they live (`is_actual`) anywhere here: two facts."""
        now = residences().current().filter(person=OuterRef("pk"))
        return self.annotate(
            is_registered=Exists(now.filter(basis="registered")), is_actual=Exists(now.filter(basis="actual"))
        )


class HouseholdQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        there = in_dwelling(scope.where(_tells_of_people), "dwelling__")
        return self.filter(there | Q(pk__in=own_households(scope)))

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def unplaced(self) -> Self:
        """Whose dwelling no longer stands: its building was cut anew or came down, and no cell took its place."""
        return self.standing().filter(dwelling__ended_at__isnull=False)


class ResidenceQuerySet(HeldQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever may see who lives in the dwelling, now and before; residents the present ones of their household."""
        there = in_dwelling(scope.where(_tells_of_people), "dwelling__")
        own = Q(household__in=own_households(scope), during__contains=Now())
        return self.filter(there | own)

    def registered(self) -> Self:
        return self.filter(basis="registered")

    def at_home(self) -> Self:
        """Where somebody is to be looked for: where they live now; who lives nowhere here, where they are registered."""
        lives = residences().current().filter(basis="actual", person=OuterRef("person"))
        return self.current().filter(Q(basis="actual") | ~Exists(lives))

    def actual(self) -> Self:
        return self.filter(basis="actual")


class SpaceShareQuerySet(HeldQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        people = scope.where(_tells_of_people)
        there = in_dwelling(people, "household__dwelling__")
        return self.filter(there | Q(household__in=own_households(scope)))


class OrganisationQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        facts = scope.where(lambda g: g.facts)
        granted = Q(community__in=facts.whole_communities)
        parts = facts.where(lambda g: not g.whole)
        for place in ("dwelling__building", "unit__building", "building"):
            granted |= parts.within(f"{place}__grid__path")
        if parts.unit_ids:
            granted |= Q(unit__in=parts.unit_ids) | Q(dwelling__unit__in=parts.unit_ids)
        return self.filter(granted)

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class EmergencyContactQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        people = apps.get_model("people", "Person")._default_manager.filter(own_people(scope))
        return self.filter(of_people(scope.telling(Personal.CONTACT)) | Q(person__in=people))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class InvitationQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever may invite there."""
        inviting = scope.where(lambda g: g.facts and g.role in MAY_INVITE_RESIDENTS)
        return self.filter(in_dwelling(inviting, "household__dwelling__"))

    def open(self) -> Self:
        """Neither used nor revoked; it may have run out."""
        return self.filter(used_at=None, revoked_at=None)


class CarePairQuerySet(HeldQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever may see the one who is cared for."""
        people = apps.get_model("people", "Person")._default_manager
        seen = people.filter(people_within(scope.where(_tells_of_people)) | own_people(scope))
        return self.filter(cared_for__in=seen)


class TaggingQuerySet(HeldQuerySet):
    """Tags on something. `extra_care` is all that is ever told of L5, to those who are granted L4."""

    def place(self, scope: Scope) -> Q:
        raise NotImplementedError

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(by_level(scope, "tag__level", self.place))

    def extra_care(self, scope: Scope) -> Self:
        """Rows of which only the subject may be told."""
        return self.filter(self._extra_care(scope))

    def visible_with_extra_care(self, scope: Scope) -> Self:
        """What is told, and in the same query those L5 rows of which only the subject is."""
        return self.filter(by_level(scope, "tag__level", self.place) | self._extra_care(scope))

    def _extra_care(self, scope: Scope) -> Q:
        told = scope.where(lambda g: g.facts and g.tag_level >= MOST_TOLD)
        return self.place(told) & Q(tag__level__gt=MOST_TOLD)


class PersonTagQuerySet(TaggingQuerySet):
    def place(self, scope: Scope) -> Q:
        return of_people(scope)


class HouseholdTagQuerySet(TaggingQuerySet):
    def place(self, scope: Scope) -> Q:
        return in_dwelling(scope, "household__dwelling__")


class DwellingTagQuerySet(TaggingQuerySet):
    def place(self, scope: Scope) -> Q:
        return in_dwelling(scope, "dwelling__")


class RosterRunQuerySet(models.QuerySet[Any]):
    """A roster tells of a whole community: only who may edit all of its people sees it."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=scope.whole_of(MAY_EDIT_PEOPLE))


class RosterQuerySet(models.QuerySet[Any]):
    """Rows and addresses of a roster."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(run__community__in=scope.whole_of(MAY_EDIT_PEOPLE))
