from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twin.base.sealed_fields import SealedField
from twin.base.stamped import Stamped
from twin.people.models.person import Person
from twin.people.querysets import CarePairQuerySet, OrganisationQuerySet
from twin.places.models import Building, Community, Dwelling, Unit


class Organisation(Stamped):
    """A shop, company or institution (单位) in a dwelling, in a unit, or in a building that is not cut."""

    class Kind(models.TextChoices):
        SHOP = "shop", _("shop")
        RESTAURANT = "restaurant", _("restaurant")
        COMPANY = "company", _("company")
        GUEST_HOUSE = "guest_house", _("guest house")
        CLINIC = "clinic", _("clinic")
        SCHOOL = "school", _("school")
        PUBLIC = "public", _("public body")
        OTHER = "other", _("other")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    dwelling = models.ForeignKey(
        Dwelling,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("dwelling"),
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("unit"),
    )
    building = models.ForeignKey(
        Building,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("building"),
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.OTHER)
    contact_name = models.CharField(_("who answers for it"), max_length=60, blank=True)
    phone_sealed = SealedField()
    source = models.CharField(_("source"), max_length=80, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(dwelling__isnull=False, unit=None, building=None)
                | Q(dwelling=None, unit__isnull=False, building=None)
                | Q(dwelling=None, unit=None, building__isnull=False),
                name="an_organisation_is_in_one_place",
                violation_error_message=_("An organisation is in a dwelling, in a unit or in a building."),
            ),
            models.UniqueConstraint(
                fields=["community", "source", "source_id"],
                condition=~Q(source_id="") & Q(ended_at=None),
                name="organisation_source_id_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CarePair(Stamped):
    """A neighbour who looks after somebody (结对)."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    helper = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="cares_for", verbose_name=_("helper")
    )
    cared_for = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="cared_for_by", verbose_name=_("cared for")
    )
    during = DateTimeRangeField(_("during"))

    objects = CarePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("care pair")
        verbose_name_plural = _("care pairs")
        constraints = [
            ExclusionConstraint(
                name="a_care_pair_holds_once_at_a_time",
                expressions=[
                    ("helper", RangeOperators.EQUAL),
                    ("cared_for", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These two are a pair already."),
            ),
            models.CheckConstraint(
                condition=~Q(helper=F("cared_for")),
                name="nobody_is_a_pair_alone",
                violation_error_message=_("A pair needs two people."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__startswith__isnull=False),
                name="a_care_pair_lasts_from_some_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
