from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.models.person import Person
from twin.people.querysets import HouseholdQuerySet, ResidenceQuerySet, SpaceShareQuerySet
from twin.places.models import Community, Dwelling


class Household(Stamped):
    """People who keep house together (户). A dwelling holds several of them, or none.

    It has no name of its own: it is called after its head. `number` tells the households of one dwelling apart.
    """

    class Kind(models.TextChoices):
        FAMILY = "family", _("family household")
        SHARERS = "sharers", _("sharers")
        COLLECTIVE = "collective", _("collective household")
        OTHER = "other", _("other")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="households", verbose_name=_("dwelling")
    )
    number = models.CharField(_("number in the dwelling"), max_length=12)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FAMILY)
    source = models.CharField(_("source"), max_length=80, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.UniqueConstraint(
                fields=["dwelling", "number"],
                condition=Q(ended_at=None),
                name="household_number_is_unique_in_dwelling",
                violation_error_message=_("There is a household with this number in the dwelling already."),
            ),
            models.UniqueConstraint(
                fields=["community", "source", "source_id"],
                condition=~Q(source_id="") & Q(ended_at=None),
                name="household_source_id_is_unique",
            ),
            models.CheckConstraint(condition=~Q(number=""), name="a_household_has_a_number"),
        ]
        indexes = [models.Index(fields=["community", "id"], name="household_by_community")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Residence(Stamped):
    """A person in a dwelling, and when: registered there (户籍), or living there (实有).

    Two facts that are never derived from one another; who is both has two rows. Rows are never changed, they end: they are
    their own history.
    """

    class Basis(models.TextChoices):
        REGISTERED = "registered", _("registered")
        ACTUAL = "actual", _("living there")

    class Tenure(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        OWN = "own", _("owned")
        RENT = "rent", _("rented")
        LENT = "lent", _("lent")
        REGISTERED_ONLY = "registered_only", _("registered only")

    class Role(models.TextChoices):
        HEAD = "head", _("head of household")
        SPOUSE = "spouse", _("spouse")
        CHILD = "child", _("child")
        PARENT = "parent", _("parent")
        OTHER = "other", _("other")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="residences", verbose_name=_("person")
    )
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="residences", verbose_name=_("dwelling")
    )
    household = models.ForeignKey(
        Household,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="residences",
        verbose_name=_("household"),
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    tenure = models.CharField(_("tenure"), max_length=15, choices=Tenure, default=Tenure.UNKNOWN)
    role = models.CharField(_("role in the household"), max_length=6, choices=Role, default=Role.OTHER)
    during = DateTimeRangeField(_("during"))
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = ResidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        constraints = [
            ExclusionConstraint(
                name="a_person_is_registered_in_one_place_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(basis="registered"),
                violation_error_message=_("This person is registered somewhere else at that time."),
            ),
            ExclusionConstraint(
                name="a_person_lives_in_a_dwelling_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("dwelling", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(basis="actual"),
                violation_error_message=_("This person lives in this dwelling already at that time."),
            ),
            ExclusionConstraint(
                name="a_household_has_one_head_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("basis", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(role="head", household__isnull=False),
                violation_error_message=_("This household has another head at that time."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__startswith__isnull=False),
                name="a_residence_lasts_from_some_moment",
                violation_error_message=_("A residence ends after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(tenure="registered_only") | Q(basis="registered"),
                name="registered_only_is_not_living_there",
                violation_error_message=_("Who is registered only does not live there."),
            ),
        ]
        indexes = [models.Index(fields=["community", "basis"], name="residence_by_community")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class SpaceShare(Stamped):
    """A household that uses a shared space, such as the kitchen of an old lane house: a dwelling of its own on the map."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    space = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="shared_by", verbose_name=_("shared space")
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="shares", verbose_name=_("household")
    )
    during = DateTimeRangeField(_("during"))

    objects = SpaceShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared space")
        verbose_name_plural = _("shared spaces")
        constraints = [
            ExclusionConstraint(
                name="a_household_shares_a_space_once_at_a_time",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("household", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This household shares this space already."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__startswith__isnull=False),
                name="a_share_lasts_from_some_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
