from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.sealed_fields import LAST_4, BlindIndexField, SealedField
from twin.base.stamped import Stamped
from twin.people.querysets import EmergencyContactQuerySet, PersonQuerySet
from twin.places.models import Community


class Person(Stamped):
    """Somebody who lives in the community or is registered there (人). No photo, nothing biometric.

    Identity number and phone are sealed; they are found by their indexes only.
    """

    class Sex(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        MALE = "male", _("male")
        FEMALE = "female", _("female")

    class IdentityKind(models.TextChoices):
        RESIDENT = "resident", _("resident identity number")
        PASSPORT = "passport", _("passport")
        HONG_KONG_MACAO = "hk_macao", _("Hong Kong and Macao travel permit")
        TAIWAN = "taiwan", _("Taiwan travel permit")
        OTHER = "other", _("other document")

    class Ended(models.TextChoices):
        MOVED_AWAY = "moved_away", _("moved away")
        DIED = "died", _("died")
        MISTAKE = "mistake", _("entered by mistake")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    name = models.CharField(_("name"), max_length=60)
    name_words = models.TextField(blank=True, default="", editable=False)
    """How it is read, to find it by: see `readings`. As open or as closed as the name itself."""
    sex = models.CharField(_("sex"), max_length=7, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True, help_text=_("Empty: unknown"))
    identity_kind = models.CharField(_("identity document"), max_length=8, choices=IdentityKind, blank=True)
    identity_sealed = SealedField()
    identity_index = BlindIndexField(of="identity_sealed")
    phone_sealed = SealedField()
    phone_index = BlindIndexField(of="phone_sealed")
    phone_last4_index = BlindIndexField(of="phone_sealed", part=LAST_4)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("signs in as"),
    )
    source = models.CharField(_("source"), max_length=80, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    ended_why = models.CharField(_("why"), max_length=10, choices=Ended, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "identity_kind", "identity_index"],
                condition=Q(ended_at=None, identity_index__isnull=False),
                name="person_identity_is_unique",
                violation_error_message=_("There is a person with this identity number already."),
            ),
            models.UniqueConstraint(
                fields=["community", "source", "source_id"],
                condition=~Q(source_id="") & Q(ended_at=None),
                name="person_source_id_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(identity_kind="", identity_sealed=None, identity_index=None)
                | (~Q(identity_kind="") & Q(identity_sealed__isnull=False, identity_index__isnull=False)),
                name="an_identity_number_says_its_kind",
                violation_error_message=_("An identity number needs the kind of its document."),
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed=None, phone_index=None, phone_last4_index=None)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False, phone_last4_index__isnull=False),
                name="a_sealed_phone_has_its_indexes",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_person_has_a_name"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="a_person_who_is_gone_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "id"], name="person_by_community"),
            models.Index(
                fields=["community", "phone_index"],
                condition=Q(phone_index__isnull=False),
                name="person_by_phone",
            ),
            models.Index(
                fields=["community", "phone_last4_index"],
                condition=Q(phone_last4_index__isnull=False),
                name="person_by_last_four",
            ),
            GinIndex(
                OpClass("name_words", name="gin_trgm_ops"),
                condition=Q(ended_at=None),
                name="person_by_words_of_name",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class EmergencyContact(Stamped):
    """Whom to call when something happens to a person: somebody who need not live here."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="emergency_contacts", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=60)
    relation = models.CharField(_("relation"), max_length=20, blank=True)
    phone_sealed = SealedField()
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = EmergencyContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency contact")
        verbose_name_plural = _("emergency contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=False), name="an_emergency_contact_can_be_called"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
