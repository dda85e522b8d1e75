from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.places.models import Community
from twin.points.querysets import AgreedQuerySet


class Scheme(Stamped):
    """What a community has agreed on about its points as a whole. Made when first asked for, with the usual values."""

    community = models.OneToOneField(
        Community, on_delete=models.PROTECT, related_name="points_scheme", verbose_name=_("community")
    )
    month_board = models.PositiveSmallIntegerField(_("places on the month's board"), default=10)
    year_board = models.PositiveSmallIntegerField(_("places on the year's board"), default=50)
    claim_days = models.PositiveSmallIntegerField(
        _("days to claim"), default=30, help_text=_("How long after a deed it can be claimed")
    )
    photo_days = models.PositiveSmallIntegerField(
        _("days that photos are kept"), default=180, help_text=_("Counted from the decision on the claim")
    )

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("points scheme")
        verbose_name_plural = _("points schemes")
        constraints = [
            models.CheckConstraint(
                condition=Q(month_board__gte=1, month_board__lte=100, year_board__gte=1, year_board__lte=500),
                name="boards_have_1_to_500_places",
                violation_error_message=_(
                    "The month's board has 1 to 100 places, the year's board 1 to 500."
                ),
            ),
            models.CheckConstraint(
                condition=Q(claim_days__gte=1, claim_days__lte=366, photo_days__gte=1, photo_days__lte=3660),
                name="scheme_days_are_possible",
                violation_error_message=_(
                    "Deeds are claimed within 1 to 366 days; photos kept for 1 to 3660."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.community)


class Band(Stamped):
    """A band of households by the points of their year: all that is ever told of how they stand beside others."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=40, blank=True)
    colour = models.CharField(_("colour"), max_length=7)
    least = models.IntegerField(
        _("from points"), validators=[MinValueValidator(-100_000), MaxValueValidator(100_000)]
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("band")
        verbose_name_plural = _("bands")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"], condition=Q(ended_at=None), name="band_code_is_unique"
            ),
            models.UniqueConstraint(
                fields=["community", "least"],
                condition=Q(ended_at=None),
                name="bands_begin_at_different_points",
                violation_error_message=_("There is a band that begins at these points already."),
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-f]{6}$"),
                name="band_colour_is_written_as_hex",
                violation_error_message=_("A colour is written like #37d5ff."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
