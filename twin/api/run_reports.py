"""What every import has in common over HTTP: done at once or in the background, and its report with the rows by page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.actions import record
from twin.access.gate import fetch, visible
from twin.access.roles import RoleKind
from twin.api.scoped import ScopedViewSet
from twin.base.errors import NotVisible
from twin.base.runs import State
from twin.places.models import Community

PAGE, MOST_A_PAGE = 100, 1000


class RowsAsked(serializers.Serializer[Any]):
    code = serializers.RegexField(r"^[a-z0-9_]{1,60}$", required=False)
    page = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=MOST_A_PAGE, default=PAGE)

    def __init__(self, *args: Any, verdicts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"] = serializers.ChoiceField(verdicts, required=False)


def rows_asked(verdicts: list[str]) -> list[OpenApiParameter]:
    """`RowsAsked` in the API description."""
    return [
        OpenApiParameter("verdict", str, enum=verdicts, description="only rows with this verdict"),
        OpenApiParameter("code", str, description="only rows with this note"),
        OpenApiParameter("page", int),
        OpenApiParameter("page_size", int),
    ]


class FileRuns(ScopedViewSet):
    """Say what a file is sent with, how a run looks in the list and in full, which rows it has and in what order, who may
    bring files in, and how an application is called in the audit."""

    upload: ClassVar[type[serializers.Serializer[Any]]]
    entry: ClassVar[type[serializers.Serializer[Any]]]
    document: ClassVar[type[serializers.Serializer[Any]]]
    run_rows: ClassVar[QuerySet[Any]]
    editors: ClassVar[frozenset[RoleKind]]
    audited_as: ClassVar[str]

    parser_classes = [MultiPartParser]

    def get_serializer_class(self) -> type[Any]:
        if self.action == "create":
            return self.upload
        return self.entry if self.action == "list" else self.document

    def edited(self, community_id: int) -> Community:
        """Raises NotVisible for a community that the viewer does not edit."""
        community = fetch(Community.objects.all(), to=self.scope, pk=community_id)
        if not self.scope.holds(self.editors, community.root.path):
            raise NotVisible("There is nothing here for you.")
        return community

    def to_apply(self) -> Any:
        """The run that is to be applied. That somebody asked for it is audited, unless it is applied already."""
        run = self.get_object()
        if run.state != State.APPLIED:
            record(by=self.viewer, action=self.audited_as, community=run.community, subject=run)
        return run

    def answer(self, run: Any, *, work: Any, status: int, later: bool = False, task: Any = None) -> Response:
        """Do the work, or have the task do it: 202."""
        if later:
            task.defer(run_id=run.pk)
            status = 202
        else:
            work(run)
        run.refresh_from_db()
        return Response(self.report(run, self.request), status=status)

    def report(self, run: Any, request: Request) -> dict[str, Any]:
        """The run with those of its rows that were asked for. Raises ValidationError for nonsense."""
        rows = visible(self.run_rows.filter(run=run), to=self.scope)
        asked = RowsAsked(data=request.query_params, verdicts=rows.model.Verdict.choices)
        asked.is_valid(raise_exception=True)
        if asked.validated_data.get("verdict"):
            rows = rows.filter(verdict=asked.validated_data["verdict"])
        if asked.validated_data.get("code"):
            rows = rows.filter(notes__contains=[{"code": asked.validated_data["code"]}])
        page = Paginator(rows, asked.validated_data["page_size"]).get_page(asked.validated_data["page"])
        document: dict[str, Any] = self.document(run, context={"page": page}).data
        return document
