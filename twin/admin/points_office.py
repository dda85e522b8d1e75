"""What the pages of points share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import action, display
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.roles import MAY_RUN_POINTS, RoleKind
from twin.admin.map_widget import community_of
from twin.admin.rooms import VerbAdmin
from twin.base.errors import TwinError
from twin.points.names import called

READERS = MAY_RUN_POINTS | {RoleKind.AUDITOR}


class PointsAdmin(VerbAdmin):
    """Pages of the room: written by who runs the points, read by the auditor as well."""

    editors = MAY_RUN_POINTS
    list_filter: ClassVar[tuple[str, ...]] = ("community",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.scope(request).whole_of(READERS))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        read = self.scope(request).whole_of(READERS)
        return bool(read) if obj is None else community_of(obj) in read

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community",) if obj else ()

    @display(description=_("household"))
    def whose(self, row: Any) -> str:
        """The masked name of the head, and the number of the household."""
        return f"{called([row.household_id]).get(row.household_id, '')} #{row.household_id}"


class WrittenOnceAdmin(PointsAdmin):
    """Rows that are added, and changed no more."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def doing(name: str, description: Any, verb: Callable[[Any, Any], Any]) -> Any:
    """An action that does something to each of the chosen rows; the first refusal takes all of it back."""

    @action(description=description)
    def do(office: PointsAdmin, request: HttpRequest, rows: QuerySet[Any]) -> None:
        if not all(office.may_edit(request, row) for row in rows):
            return
        try:
            with transaction.atomic():
                for row in rows:
                    verb(row, request.user)
        except TwinError as error:
            office.message_user(request, error.message, messages.ERROR)
        else:
            office.message_user(request, say("Done: %(count)d.") % {"count": len(rows)})

    do.__name__ = name  # by which Django tells actions apart
    return do
