"""Visits in the back office: read here, entered where one has been, taken back with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from twin.access.roles import MAY_EDIT_PEOPLE
from twin.accounts.models import User
from twin.admin.rooms import ScopedAdmin
from twin.admin.site import site
from twin.patrol.models import Visit
from twin.people.actions import note_views
from twin.people.actions.looking import NOTES
from twin.places.descriptions import address_of


@register(Visit, site=site)
class VisitAdmin(ScopedAdmin):
    """What was noted at a door is shown one visit at a time, and that is noted in the audit."""

    editors = MAY_EDIT_PEOPLE
    list_display = ("address", "visited_at", "outcome", "service", "worker", "withdrawn_at")
    list_filter = ("community", "outcome", "service")
    list_select_related: ClassVar[tuple[str, ...]] = (
        "worker", "dwelling__unit", "dwelling__building__compound", "dwelling__building__grid", "community",
    )  # fmt: skip
    date_hierarchy = "visited_at"
    fields = (
        "address", "household", "visited_at", "outcome", "service", "note", "worker", "withdrawn_at", "withdrawn_by",
        "withdrawn_why",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        shapes = (
            "dwelling__footprint",
            "dwelling__walls",
            "dwelling__building__footprint",
            "community__boundary",
        )
        return super().get_queryset(request).defer(*shapes)

    @display(description=Visit._meta.get_field("dwelling").verbose_name)
    def address(self, visit: Visit) -> str:
        home = visit.dwelling
        return address_of(home.building, home.unit, home.room)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = self.get_object(request, object_id)
        if visit is not None:
            assert isinstance(request.user, User)
            note_views(by=request.user, action=NOTES, community=visit.community, subjects=[visit.dwelling])
        return super().change_view(request, object_id, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
