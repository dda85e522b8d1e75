"""Saved reports in the back office: what is shared in the community, and ended when nobody looks after it any more."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from twin.access.roles import MAY_EDIT_PEOPLE
from twin.admin.rooms import ScopedAdmin, ending
from twin.admin.site import site
from twin.reports.actions import end_form
from twin.reports.models import ReportForm
from twin.reports.registry import FIELDS


@register(ReportForm, site=site)
class ReportFormAdmin(ScopedAdmin):
    """Made and changed where reports are made; here they are looked through and ended."""

    editors = MAY_EDIT_PEOPLE
    list_display = ("name", "owner", "shared", "ticked", "changed_at")
    list_filter = ("community", "shared")
    list_select_related = ("owner",)
    search_fields = ("name",)
    fields = ("community", "name", "owner", "shared", "ticked", "changed_at")
    readonly_fields = fields
    actions = (ending(lambda form, by: end_form(form=form, by=by)),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(ended_at=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("fields"))
    def ticked(self, form: ReportForm) -> str:
        of = form.question["of"]
        known = (FIELDS.get((of, name)) for name in form.question["fields"])
        return "、".join(field.name.zh for field in known if field)
