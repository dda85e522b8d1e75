from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.models import Household, Person
from twin.places.models import Community
from twin.points.models.rule import RuleVersion
from twin.points.querysets import ClaimPhotoQuerySet, ClaimQuerySet


class Claim(Stamped):
    """Somebody says that a household did something (积分申报), or broke a rule; somebody else looks at it and decides.

    It holds the version of the rule that was in force when the deed was done, whatever it says when it is audited.
    """

    class State(models.TextChoices):
        FILED = "filed", _("filed")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="claims", verbose_name=_("household")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    version = models.ForeignKey(
        RuleVersion, on_delete=models.PROTECT, related_name="claims", verbose_name=_("rule")
    )
    happened_at = models.DateTimeField(_("when it was done"))
    note = models.CharField(_("what was done"), max_length=400, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("filed by")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.FILED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="filed", decided_at=None, decided_by=None)
                | (~Q(state="filed") & Q(decided_at__isnull=False)),
                name="a_claim_is_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="a_refusal_has_a_reason",
                violation_error_message=_("Say why the claim is refused."),
            ),
        ]
        indexes = [
            models.Index(fields=["community", "id"], condition=Q(state="filed"), name="claims_that_wait"),
            models.Index(fields=["household", "version", "happened_at"], name="claims_for_caps"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ClaimPhoto(Stamped):
    """Evidence of a claim: a JPEG that we have encoded ourselves, without anything that came beside the picture."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="photos", verbose_name=_("claim"))
    file = models.FileField(upload_to="claims/", max_length=120, blank=True, editable=False)
    received_sha256 = models.BinaryField(editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    objects = ClaimPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a claim")
        verbose_name_plural = _("photos of claims")
        constraints = [
            models.CheckConstraint(
                condition=Q(forgotten_at=None) & ~Q(file="") | Q(forgotten_at__isnull=False, file=""),
                name="a_forgotten_photo_has_no_file",
            )
        ]
        indexes = [models.Index(fields=["received_sha256"], name="photos_sent_before")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def community_id(self) -> int:
        return self.claim.community_id
