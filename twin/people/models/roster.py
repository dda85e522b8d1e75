from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.runs import FileRun
from twin.base.sealed_fields import SealedField
from twin.people.querysets import RosterQuerySet, RosterRunQuerySet
from twin.places.models import AddressAlias, Community, Compound, Dwelling


class RosterRun(FileRun):
    """One roster that was brought in. The file is sealed in the table: it holds what people are not shown."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    file_sealed = SealedField()

    kept_files = ("file_sealed",)
    objects = RosterRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at=None)),
                name="an_applied_roster_says_when",
            )
        ]
        indexes = [models.Index(fields=["community", "id"], name="roster_by_community")]

    def __str__(self) -> str:
        return self.file_name


class RosterAddress(models.Model):
    """A doubtful address of a roster: it waits until a clerk has decided where it is, and its rows wait with it."""

    class State(models.TextChoices):
        """SETTLED: what was decided about another address told where this one is. SUPERSEDED: a later roster of the same
        name has it again."""

        WAITING = "waiting", _("waiting")
        DECIDED = "decided", _("decided")
        SETTLED = "settled", _("settled by another decision")
        SUPERSEDED = "later", _("comes again in a later roster")
        LEFT_OUT = "left_out", _("no address of this community")

    run = models.ForeignKey(RosterRun, on_delete=models.CASCADE, related_name="addresses")
    text = models.CharField(_("address"), max_length=500)
    compound = models.ForeignKey(
        Compound,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("compound that was told"),
    )
    reasons = models.JSONField(default=list)
    confidence = models.FloatField(_("confidence"), default=0)
    candidates = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dwelling")
    )
    alias = models.ForeignKey(AddressAlias, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("doubtful address")
        verbose_name_plural = _("doubtful addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "text"],
                name="a_doubtful_address_waits_once_in_a_roster",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "left_out", "later"), dwelling=None)
                | Q(state__in=("decided", "settled"), dwelling__isnull=False),
                name="a_decided_address_has_its_dwelling",
            ),
        ]
        indexes = [models.Index(fields=["run", "state", "id"], name="doubtful_addresses_by_state")]

    def __str__(self) -> str:
        return self.text

    @property
    def community_id(self) -> int:
        return self.run.community_id


class RosterRow(models.Model):
    """What an import does, or did, with one row of a roster. What the row says is kept, sealed, only while it waits."""

    class Verdict(models.TextChoices):
        CREATE = "create", _("create")
        CHANGE = "change", _("change")
        UNCHANGED = "unchanged", _("unchanged")
        WAIT = "wait", _("wait for the address")
        REFUSE = "refuse", _("refuse")

    run = models.ForeignKey(RosterRun, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(_("sheet"), max_length=60)
    number = models.PositiveIntegerField(_("row"))
    group = models.PositiveIntegerField(default=0)
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict)
    address = models.ForeignKey(RosterAddress, on_delete=models.CASCADE, null=True, related_name="rows")
    person_id = models.BigIntegerField(null=True)
    household_id = models.BigIntegerField(null=True)
    dwelling_id = models.BigIntegerField(null=True)
    changes: Any = models.JSONField(default=dict)
    notes: Any = models.JSONField(default=list)
    said_sealed = SealedField()

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a roster")
        verbose_name_plural = _("rows of a roster")
        constraints = [
            models.UniqueConstraint(fields=["run", "sheet", "number"], name="roster_row_is_unique_in_sheet"),
        ]
        indexes = [
            models.Index(fields=["run", "verdict", "sheet", "number"], name="roster_rows_by_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"
