"""Pages for work that goes on for a while: addresses of their own below a table's, for who may edit."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse

from twin.access.gate import visible
from twin.accounts.models import User
from twin.admin.rooms import ScopedAdmin
from twin.places.models import Community


class WorkAdmin(ScopedAdmin):
    """The list of such work is its record; each has a page of its own."""

    def at(self, route: str, view: Any, name: str) -> URLPattern:
        def of_this_site(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return self.admin_site.admin_view(view)(request, *args, **kwargs)

        of_this_site.model_admin = self  # type: ignore[attr-defined]  # as Django marks its own
        return path(route, of_this_site, name=self._name(name))

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page: str, run: Any = None) -> str:
        return reverse(f"admin:{self._name(page)}", args=[] if run is None else [run.pk])

    def page_of(self, run: Any) -> str:
        return self.address("change", run)

    def run_of(self, request: HttpRequest, object_id: str) -> Any:
        """Raises Http404 for what is not this clerk's."""
        run = self.get_object(request, object_id)
        if run is None or not self.may_edit(request, run):
            raise Http404
        return run

    def communities(self, request: HttpRequest) -> QuerySet[Community]:
        """Into which this clerk may bring something."""
        own = visible(Community.objects.all(), to=self.scope(request)).filter(pk__in=self.edited(request))
        return own.order_by("id")

    def context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        crumbs = {"list_address": self.address("changelist"), "list_title": self.opts.verbose_name_plural,
                  "add_address": self.address("add")}  # fmt: skip
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            **crumbs,
            **more,
        }


def clerk_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the site lets nobody else in
    return request.user
