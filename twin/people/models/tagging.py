from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.models.household import Household
from twin.people.models.person import Person
from twin.people.models.tag import Tag
from twin.people.querysets import DwellingTagQuerySet, HouseholdTagQuerySet, PersonTagQuerySet
from twin.places.models import Community, Dwelling


class Tagging(Stamped):
    """A tag on something: who says so, why, from when until when. It runs out by itself: no job has to remove it."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+", verbose_name=_("tag"))
    during = DateTimeRangeField(_("valid"))
    source = models.CharField(_("source"), max_length=80, blank=True, help_text=_("Who says so"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_why = models.CharField(_("why it ended"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def valid_from(self) -> datetime:
        return self.during.lower  # type: ignore[no-any-return]

    @property
    def valid_until(self) -> datetime | None:
        return self.during.upper  # type: ignore[no-any-return]


def _constraints(subject: str) -> list[Any]:
    return [
        ExclusionConstraint(
            name=f"a_{subject}_has_a_tag_once_at_a_time",
            expressions=[
                (subject, RangeOperators.EQUAL),
                ("tag", RangeOperators.EQUAL),
                ("during", RangeOperators.OVERLAPS),
            ],
            violation_error_message=_("It has this tag already at that time."),
        ),
        models.CheckConstraint(
            condition=Q(during__isempty=False, during__startswith__isnull=False),
            name=f"a_{subject}_tag_lasts_from_some_moment",
            violation_error_message=_("A tag ends after it begins."),
        ),
        models.CheckConstraint(
            condition=Q(verified_by=None, verified_at=None)
            | Q(verified_by__isnull=False, verified_at__isnull=False),
            name=f"a_verified_{subject}_tag_says_by_whom_and_when",
        ),
    ]


class PersonTag(Tagging):
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="taggings", verbose_name=_("person")
    )

    objects = PersonTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag of a person")
        verbose_name_plural = _("tags of people")
        constraints = _constraints("person")


class HouseholdTag(Tagging):
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="taggings", verbose_name=_("household")
    )

    objects = HouseholdTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag of a household")
        verbose_name_plural = _("tags of households")
        constraints = _constraints("household")


class DwellingTag(Tagging):
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="taggings", verbose_name=_("dwelling")
    )

    objects = DwellingTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag of a dwelling")
        verbose_name_plural = _("tags of dwellings")
        constraints = _constraints("dwelling")
