"""The positions of a shift, raw, and how long they are kept."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.patrol.models.shift import Shift
from twin.patrol.querysets import AgreementQuerySet, FixQuerySet
from twin.places.models import Community

GRACE = timedelta(minutes=2)
"""How far a phone's clock may disagree with the server's before a fix counts as taken outside the shift."""
RAW_DAYS = 90


class Fix(models.Model):
    """One position that a phone took (定位点), raw. Millions of them: the table is partitioned by month of `at`, rows
    arrive by COPY (`actions/fixes.py`), and nothing refers to a fix.

    The key's order (sender, at, seq) also answers "the fixes of this worker between two moments", so one index is enough.
    """

    class Reason(models.TextChoices):
        """Why a fix can be part of no track, where only the moment of its arrival could tell. What the fixes themselves
        tell (accuracy, teleports, repeats) is judged on reading, by `gis.track`."""

        CLOCK = "clock", _("the phone's clock was impossible")

    GRACE = GRACE
    pk = models.CompositePrimaryKey("sender", "at", "seq")
    shift = models.ForeignKey(
        Shift, on_delete=models.PROTECT, db_constraint=False, db_index=False, verbose_name=_("shift")
    )
    sender = models.BigIntegerField(_("sender"), help_text=_("The user whose phone sent it"))
    seq = models.BigIntegerField(
        _("number"), help_text=_("Counted by the phone; 0 where its protocol has none")
    )
    at = models.DateTimeField(_("taken"))
    received_at = models.DateTimeField(_("received"))
    position = models.PointField(_("position"), srid=4326, spatial_index=False)
    accuracy_m = models.FloatField(_("accuracy (m)"), null=True)
    speed_m_s = models.FloatField(_("speed (m/s)"), null=True)
    mocked = models.BooleanField(_("mocked"), default=False)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, null=True)

    objects = FixQuerySet.as_manager()

    class Meta:
        verbose_name = _("fix")
        verbose_name_plural = _("fixes")
        constraints = [
            models.CheckConstraint(
                condition=Q(accuracy_m=None) | Q(accuracy_m__gte=0), name="fix_accuracy_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(speed_m_s=None) | Q(speed_m_s__gte=0), name="fix_speed_is_not_negative"
            ),
            models.CheckConstraint(condition=Q(seq__gte=0), name="fix_number_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=["shift"], condition=Q(reason__isnull=False), name="fix_by_shift_with_reason")
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.at:%F %T} #{self.seq}"


class Retention(Stamped):
    """How long a community keeps raw fixes. Tracks of people are sensitive: no longer than is agreed. Without a row it is
    `RAW_DAYS`."""

    community = models.OneToOneField(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    raw_days = models.PositiveSmallIntegerField(_("days that raw fixes are kept"), default=RAW_DAYS)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention")
        verbose_name_plural = _("retention")
        constraints = [
            models.CheckConstraint(
                condition=Q(raw_days__gte=1, raw_days__lte=3650),
                name="raw_fixes_are_kept_1_to_3650_days",
                violation_error_message=_("Between 1 day and 10 years."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.community}: {self.raw_days}"
