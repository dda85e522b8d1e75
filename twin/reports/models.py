from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.places.models import Community
from twin.reports.querysets import ReportFormQuerySet


class ReportForm(Stamped):
    """A report that was ticked together and kept under a name (报表). It holds the question, never an answer.

    `question` is what `twin.reports.asking.Asked` writes. Who runs a shared one is answered by their own rights.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=60)
    shared = models.BooleanField(
        _("shared"), default=False, help_text=_("With everybody who makes reports in the community")
    )
    question: Any = models.JSONField(_("what it asks"))
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = ReportFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved report")
        verbose_name_plural = _("saved reports")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "owner", "name"],
                condition=Q(ended_at=None),
                name="report_name_is_unique_for_its_owner",
                violation_error_message=_("You have a report with this name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_saved_report_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
