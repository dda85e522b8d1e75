from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as say

from twin.access import actions
from twin.access.models import AuditEntry, Role, Token
from twin.access.roles import MAY_MANAGE_ROLES, RoleKind
from twin.accounts.models import User
from twin.admin.rooms import ScopedAdmin, VerbAdmin, ending, entered_at
from twin.admin.site import site
from twin.people.actions.inviting import ACCOUNTS


@register(Role, site=site)
class RoleAdmin(VerbAdmin):
    """Roles are granted and ended, never changed."""

    editors = MAY_MANAGE_ROLES
    list_display = ("user", "kind", "grid", "unit", "starts_at", "ends_at")
    list_filter = ("community", "kind")
    list_select_related = ("user", "grid", "unit")
    search_fields = ("user__name", "user__username")
    raw_id_fields = ("unit",)
    fields = ("user", "kind", "community", "grid", "unit", "starts_at", "ends_at")
    actions = (ending(lambda role, by: actions.end_role(role=role, by=by)),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = colleagues(self.scope(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_at": timezone.now(), **super().get_changeform_initial_data(request)}

    def _do(self, form: Any, row: Any, change: bool) -> Role:
        return actions.grant_role(**form.cleaned_data, by=form.by)


def colleagues(scope: Any) -> QuerySet[User]:
    """Users with a role in a community whose roles this scope manages, and those who have none anywhere yet. Not those who
    come in by a code: who works here has an own log-in, and a resident's phone must not become a worker's."""
    managed = scope.whole_of(MAY_MANAGE_ROLES)
    known = User.objects.filter(roles__community__in=managed) | User.objects.filter(roles=None)
    return known.exclude(username__startswith=ACCOUNTS).distinct()


@register(Token, site=site)
class TokenAdmin(VerbAdmin):
    editors = MAY_MANAGE_ROLES
    list_display = ("name", "kind", "community", "user", entered_at, "expires_at", "revoked_at")
    list_filter = ("community", "kind")
    fields = ("community", "kind", "name", "user", "expires_at")
    actions = (ending(lambda token, by: actions.revoke_token(token=token, by=by)),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = colleagues(self.scope(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _do(self, form: Any, row: Any, change: bool) -> Token:
        token, form.secret = actions.issue_token(**form.cleaned_data, by=form.by)
        return token

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The secret is said to this clerk, now; only its hash is stored."""
        obj.pk = self._do(form, obj, change).pk
        text = say("Write this secret down now, it is not shown again: %(secret)s")
        messages.warning(request, text % {"secret": form.secret})


@register(AuditEntry, site=site)
class AuditAdmin(ScopedAdmin):
    """Who looked at or did what. Read only, for auditors."""

    editors = frozenset({RoleKind.AUDITOR})
    list_display = ("at", "by", "action", "subject", "reason")
    list_filter = ("action", "community")
    list_select_related = ("by",)
    date_hierarchy = "at"
    search_fields = ("subject", "by__name", "reason")

    def may_edit(self, request: HttpRequest, row: Any = None) -> bool:
        if row is not None and row.community_id is None:
            return False
        return super().may_edit(request, row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
