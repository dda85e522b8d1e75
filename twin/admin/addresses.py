from __future__ import annotations

from typing import Any

from django.contrib.admin import display, register
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from twin.admin.rooms import ScopedAdmin, ending, entered_at
from twin.admin.site import site
from twin.places import actions
from twin.places.models import AddressAlias


@register(AddressAlias, site=site)
class AddressAliasAdmin(ScopedAdmin):
    """What was decided about addresses, by whom, and until when. Decisions are made where the doubtful rows wait."""

    list_display = (
        "text",
        "number",
        "covers",
        "means",
        "source",
        "decided_by",
        entered_at,
        "ended_at",
        "ended_by",
    )
    list_filter = ("community", "covers", "source")
    list_select_related = (
        "compound",
        "building",
        "dwelling__building",
        "dwelling__unit",
        "decided_by",
        "ended_by",
    )
    search_fields = ("text",)
    ordering = ("-id",)
    actions = (ending(lambda alias, by: actions.end_alias(alias=alias, by=by)),)

    @display(description=_("means"))
    def means(self, alias: AddressAlias) -> str:
        if alias.dwelling is not None:
            unit = f"{alias.dwelling.unit}" if alias.dwelling.unit.number else ""
            return f"{alias.dwelling.building}{unit}{alias.dwelling.room}"
        return str(alias.building or alias.compound)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
