from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twin.access.querysets import AuditQuerySet, RoleQuerySet, TokenQuerySet
from twin.access.roles import RoleKind
from twin.base.stamped import Stamped
from twin.places.models import Community, Grid, Unit


class Role(Stamped):
    """Who may act as what, where, from when until when. Never changed, only ended: the rows are their own history."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles", verbose_name=_("user")
    )
    kind = models.CharField(_("role"), max_length=16, choices=RoleKind)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    grid = models.ForeignKey(
        Grid,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("grid"),
        help_text=_("Empty: the whole community"),
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("unit"),
        help_text=_("Only for a stairwell head"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="role_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(kind=RoleKind.STAIRWELL_HEAD, grid=None),
                name="only_a_stairwell_head_has_a_unit",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RoleKind.STAIRWELL_HEAD) | Q(unit__isnull=False),
                name="a_stairwell_head_has_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()} · {self.unit or self.grid or self.community}"


class Token(Stamped):
    """A key for something that is no browser: a device gateway, a GIS client, a wall. Only its hash is kept."""

    class Kind(models.TextChoices):
        DEVICE = "device", _("device gateway")
        WORKER = "worker", _("worker's phone")
        GIS = "gis", _("GIS client")
        WALL = "wall", _("wall")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("acts for")
    )
    sha256 = models.BinaryField(unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="device", user=None) | (~Q(kind="device") & Q(user__isnull=False)),
                name="a_token_acts_for_a_user_unless_it_is_a_device",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RightsChange(models.Model):
    """Somebody's rights changed: every process re-resolves that user's open sockets. A feed that is read by id."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"


class AuditEntry(models.Model):
    """Who looked at or did what, append-only (a trigger refuses UPDATE, DELETE and TRUNCATE)."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, null=True, verbose_name=_("community"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("action"), max_length=40)
    subject = models.CharField(_("subject"), max_length=80, blank=True, help_text="room.Model:id")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    detail = models.JSONField(_("detail"), default=dict)
    told_of = models.JSONField(
        _("who was on the list"), default=dict, help_text="Of a list: room.Model to the ids of those on it"
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit")
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            models.Index(fields=["by", "action", "at"], name="audit_by_who_did_what"),
            GinIndex(fields=["told_of"], name="audit_by_who_was_listed", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.by_id} {self.action} {self.subject}"
