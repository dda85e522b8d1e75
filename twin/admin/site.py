"""The clerks' back office: Django's admin, with the twin's own rights instead of Django's permissions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twin.access.http import scope_of_request
from twin.access.roles import ENTERS_BACK_OFFICE
from twin.admin.start import offers
from twin.base.errors import Unauthenticated
from twin.base.scope import NOBODY, Scope
from twin.places.models import Community


def scope_of_clerk(request: HttpRequest) -> Scope:
    """The scope of whoever asks; nobody's before the log-in."""
    try:
        return scope_of_request(request)
    except Unauthenticated:
        return NOBODY


def zone_of_clerk(request: HttpRequest) -> ZoneInfo | None:
    """The time of the communities that this clerk works in; None (UTC) where they differ."""
    entered = scope_of_clerk(request).whole_of(ENTERS_BACK_OFFICE)
    zones = set(Community.objects.filter(pk__in=entered).values_list("time_zone", flat=True))
    return ZoneInfo(zones.pop()) if len(zones) == 1 else None


class BackOffice(admin.AdminSite):
    """Opened by roles held for a whole community: who may edit its places, or reads its audit. Flags on the user row open
    nothing."""

    site_title = site_header = _("Community twin: back office")
    index_title = _("What would you like to do?")
    login_form = AuthenticationForm
    enable_nav_sidebar = True

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Every page in the time of the clerk's community: what it shows, and what is typed into it."""
        shown = super().admin_view(view, cacheable)

        def at_local_time(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with timezone.override(zone_of_clerk(request)):
                response: HttpResponseBase = shown(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()  # a page that is written later would be written in another time
                return response

        return at_local_time

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(scope_of_clerk(request).whole_of(ENTERS_BACK_OFFICE))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), "offers": offers(self, request)})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "site_url": "/"}


site = BackOffice(name="admin")
