"""Who is on patrol, where and when."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.patrol.querysets import ShiftQuerySet
from twin.places.models import Community, Grid


class Shift(Stamped):
    """A grid worker's time on patrol (班次) in one grid. Positions are stored inside a shift and nowhere else. The last
    position is kept here so that a map that opens needs no look into the fixes."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("worker")
    )
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("grid"))
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    last_position = models.PointField(
        _("last position"), srid=4326, null=True, blank=True, editable=False, spatial_index=False
    )
    last_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)
    fix_count = models.PositiveIntegerField(_("stored fixes"), default=0, editable=False)
    dropped_count = models.PositiveIntegerField(
        _("dropped fixes"), default=0, editable=False, help_text=_("Taken outside every shift: never stored")
    )

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.UniqueConstraint(
                fields=["worker"],
                condition=Q(ended_at=None),
                name="one_open_shift_per_worker",
                violation_error_message=_("This worker is on shift already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
                name="shift_ends_after_it_starts",
                violation_error_message=_("A shift ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(last_position=None, last_at=None)
                | Q(last_position__isnull=False, last_at__isnull=False),
                name="shift_knows_when_it_was_last_where",
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "started_at"], name="shift_by_worker"),
            models.Index(fields=["grid", "started_at"], name="shift_by_grid"),
        ]

    def __str__(self) -> str:
        return f"{self.worker} · {self.grid} · {self.started_at:%F %H:%M}"
