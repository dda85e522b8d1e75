"""Calls on people at home."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.patrol.querysets import VisitQuerySet
from twin.people.models import Household
from twin.places.models import Community, Dwelling

LONGEST_NOTE = 500


class Visit(Stamped):
    """Somebody called at a dwelling (走访), perhaps to do something for those who live there (上门服务). A visit is never
    changed: what was wrong is withdrawn with a reason and entered anew.

    `household` says whom it was for where several live behind one door; None is the dwelling as a whole.
    """

    class Outcome(models.TextChoices):
        MET = "met", _("met somebody")
        NO_ANSWER = "no_answer", _("no answer")
        REFUSED = "refused", _("not let in")

    class Service(models.TextChoices):
        """What was done for them; none is a call and no more."""

        MEAL = "meal", _("meal brought")
        CARE = "care", _("care and hygiene")
        MEDICAL = "medical", _("health check")
        REPAIR = "repair", _("repair")
        ERRAND = "errand", _("errand")
        COMPANY = "company", _("company and talk")
        ADVICE = "advice", _("advice and papers")
        SAFETY = "safety", _("safety check")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="visits", verbose_name=_("dwelling")
    )
    household = models.ForeignKey(
        Household,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("household"),
    )
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits", verbose_name=_("worker")
    )
    visited_at = models.DateTimeField(_("visited"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    service = models.CharField(_("service"), max_length=7, choices=Service, blank=True)
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_why = models.CharField(_("why withdrawn"), max_length=200, blank=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(service="") | Q(outcome="met"),
                name="a_service_meets_somebody",
                violation_error_message=_("A service is done for somebody who was met."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_why="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why=""),
                name="a_withdrawn_visit_says_why",
            ),
            models.UniqueConstraint(
                fields=["worker", "dwelling", "visited_at"],
                condition=Q(withdrawn_at=None, household=None),
                name="a_call_is_entered_once",
                violation_error_message=_("This visit is entered already."),
            ),
            models.UniqueConstraint(
                fields=["worker", "household", "visited_at"],
                condition=Q(withdrawn_at=None, household__isnull=False),
                name="a_call_on_a_household_is_entered_once",
                violation_error_message=_("This visit is entered already."),
            ),
        ]
        indexes = [
            models.Index(fields=["dwelling", "-visited_at"], name="visit_by_dwelling"),
            models.Index(fields=["household", "-visited_at"], name="visit_by_household"),
            models.Index(fields=["worker", "-visited_at"], name="visit_by_worker"),
            models.Index(fields=["community", "-visited_at"], name="visit_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.dwelling_id} · {self.visited_at:%F %H:%M}"
