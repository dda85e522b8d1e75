"""What every viewset shares: rows come through the gate, a filter names the community, writes call verbs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins, viewsets
from rest_framework.request import Request

from twin.access.gate import visible
from twin.access.models import Token
from twin.access.scopes import scope_of, scope_of_token
from twin.accounts.models import User
from twin.base.errors import Unauthenticated
from twin.base.scope import Scope


def scope_of_viewer(request: Request) -> Scope:
    """The signed-in user's scope, resolved once per request."""
    scope: Scope | None = getattr(request._request, "_scope", None)
    if scope is None:
        if not isinstance(request.user, User):
            raise Unauthenticated("Sign in first.")
        token = request.auth
        scope = scope_of_token(token) if isinstance(token, Token) else scope_of(request.user)
        request._request._scope = scope  # type: ignore[attr-defined]
    return scope


class Scoped(viewsets.GenericViewSet[Any]):
    """Rows that the viewer may see. Declare `rows` and `serializer_class`."""

    rows: QuerySet[Any]

    @property
    def scope(self) -> Scope:
        return scope_of_viewer(self.request)

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn without a viewer
            return self.rows.none()
        return visible(self.rows.all(), to=self.scope)

    @property
    def viewer(self) -> User:
        assert isinstance(self.request.user, User)  # only signed-in viewers get this far
        return self.request.user


class ScopedDetails(mixins.RetrieveModelMixin, Scoped):
    """Shows one row at a time; nothing is listed."""


class ScopedViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Scoped):
    """Lists rows and shows one. Declare filters, too."""
