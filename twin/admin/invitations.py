"""Invitations of residents in the back office: given out, revoked, never changed. The code is said once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import display, register
from django.http import HttpRequest
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.roles import MAY_EDIT_PEOPLE
from twin.admin.rooms import VerbAdmin, ending, entered_at
from twin.admin.site import site
from twin.people import actions
from twin.people.masking import masked_name
from twin.people.models import Invitation


@register(Invitation, site=site)
class InvitationAdmin(VerbAdmin):
    editors = MAY_EDIT_PEOPLE
    list_display = ("__str__", "called", "household", entered_at, "expires_at", "used_at", "revoked_at")
    list_filter = ("community",)
    list_select_related = ("person", "household")
    ordering = ("-id",)
    raw_id_fields = ("household", "person")
    actions = (
        ending(
            lambda row, by: actions.revoke_invitation(invitation=row, by=by),
            _("Revoke the chosen invitations"),
        ),
    )

    @display(description=_("name, masked"))
    def called(self, invitation: Invitation) -> str:
        return masked_name(invitation.person.name)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        told = ("called", "expires_at", "used_at", "revoked_at") if obj else ()
        return ("household", "person", *told)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _do(self, form: Any, row: Any, change: bool) -> Invitation:
        invited = actions.invite_resident(**form.cleaned_data, by=form.by)
        form.code = invited.code
        return invited.invitation

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The code is said to this clerk, now; only its digest is stored."""
        super().save_model(request, obj, form, change)
        code = " ".join(form.code[n : n + 4] for n in range(0, len(form.code), 4))
        text = say("The code, told this once: %(code)s. It opens until %(day)s.")
        messages.warning(request, text % {"code": code, "day": f"{obj.expires_at:%F}"})
