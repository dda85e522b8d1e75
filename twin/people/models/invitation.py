from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.models.household import Household
from twin.people.models.person import Person
from twin.people.querysets import InvitationQuerySet
from twin.places.models import Community


class Invitation(Stamped):
    """A code and a link, by either of which one person of one household signs in, once, before it runs out.

    Neither is kept, only their keyed digests: without `TWIN_INDEX_KEY` a dump of the table cannot be searched.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("household")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("person")
    )
    code_index = models.BinaryField(unique=True, editable=False)
    link_index = models.BinaryField(unique=True, null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("issued by"),
    )
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at=None, revoked_at=None),
                name="one_open_invitation_for_a_person",
                violation_error_message=_("This person has an open invitation already."),
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None),
                name="an_invitation_is_used_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="an_invitation_runs_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
