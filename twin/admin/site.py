"""The clerks' back office: Django's admin, with the twin's own rights instead of Django's permissions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from twin.access.http import scope_of_request
from twin.access.roles import ENTERS_BACK_OFFICE
from twin.admin.start import offers
from twin.base.errors import Unauthenticated
from twin.base.scope import NOBODY, Scope


def scope_of_clerk(request: HttpRequest) -> Scope:
    """The scope of whoever asks; nobody's before the log-in."""
    try:
        return scope_of_request(request)
    except Unauthenticated:
        return NOBODY


class BackOffice(admin.AdminSite):
    """Opened by roles held for a whole community: who may edit its places, or reads its audit. Flags on the user row open
    nothing."""

    site_title = site_header = _("Community twin: back office")
    index_title = _("What would you like to do?")
    login_form = AuthenticationForm
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(scope_of_clerk(request).whole_of(ENTERS_BACK_OFFICE))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), "offers": offers(self, request)})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "site_url": "/"}


site = BackOffice(name="admin")
