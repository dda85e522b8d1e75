"""What every import has in common over HTTP: done at once or in the background, and its report with the rows by page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import visible
from twin.api.scoped import ScopedViewSet

PAGE, MOST_A_PAGE = 100, 1000


class RowsAsked(serializers.Serializer[Any]):
    code = serializers.RegexField(r"^[a-z0-9_]{1,60}$", required=False)
    page = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=MOST_A_PAGE, default=PAGE)

    def __init__(self, *args: Any, verdicts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"] = serializers.ChoiceField(verdicts, required=False)


class FileRuns(ScopedViewSet):
    """Say which rows a run has, in their order, and how run and page are written."""

    def rows_of(self, run: Any) -> QuerySet[Any]:
        raise NotImplementedError

    def document(self, run: Any, page: Page[Any]) -> dict[str, Any]:
        raise NotImplementedError

    def answer(self, run: Any, *, later: bool, work: Any, task: Any, status: int) -> Response:
        """Do the work, or have it done: 202."""
        if later:
            task.defer(run_id=run.pk)
            status = 202
        else:
            work(run)
        run.refresh_from_db()
        return Response(self.report(run, self.request), status=status)

    def report(self, run: Any, request: Request) -> dict[str, Any]:
        """The run with those of its rows that were asked for. Raises ValidationError for nonsense."""
        rows = visible(self.rows_of(run), to=self.scope)
        asked = RowsAsked(data=request.query_params, verdicts=rows.model.Verdict.choices)
        asked.is_valid(raise_exception=True)
        if asked.validated_data.get("verdict"):
            rows = rows.filter(verdict=asked.validated_data["verdict"])
        if asked.validated_data.get("code"):
            rows = rows.filter(notes__contains=[{"code": asked.validated_data["code"]}])
        page = Paginator(rows, asked.validated_data["page_size"]).get_page(asked.validated_data["page"])
        return self.document(run, page)
