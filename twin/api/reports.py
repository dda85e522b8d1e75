"""Reports over HTTP: which fields there are, a page of the table, the whole as a file, counts for charts.

Every answer tells of many people at once, so every one is noted in the audit and none may be kept.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as say
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.actions import record
from twin.api import reports_documents as documents
from twin.api.filters import number_of
from twin.api.people import Unkept
from twin.base.errors import Invalid, TooLarge
from twin.people.models import Household
from twin.reports.actions import note_report
from twin.reports.areas import area_of
from twin.reports.asking import Question, question_of
from twin.reports.charts import kinds_by_grid, pyramid_of, tags_in
from twin.reports.facts import in_english
from twin.reports.field import Subject
from twin.reports.registry import fields_for
from twin.reports.rights import community_of, reporting
from twin.reports.sheets import as_csv, as_xlsx, file_name
from twin.reports.telling import MOST_CELLS, MOST_EXPORTED, Counted, Told, all_lines, count, page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMATS = {"xlsx": XLSX, "csv": CSV}


class ReportFields(Unkept):
    """What can be ticked."""

    rows = Household.objects.all()
    serializer_class = documents.ReportFieldEntry
    pagination_class = None

    @extend_schema(parameters=[OpenApiParameter("community", int, required=True)], filters=False)
    def list(self, request: Request) -> Response:
        """The fields that this viewer may tick, in the order in which they are offered. 403 for staff whose role does not
        work with people."""
        asked = request.query_params.get("community", "")
        community = community_of(number_of(asked, "community"), self.scope)
        fields = fields_for(reporting(self.scope, community))
        return Response(documents.ReportFieldEntry(fields, many=True).data)  # type: ignore[arg-type]


class Reports(Unkept):
    """Reports that are ticked together. 403 for staff whose role does not work with people."""

    rows = Household.objects.all()
    serializer_class = documents.ReportRun
    pagination_class = None
    filter_backends: list[Any] = []

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """`format` says which file is wanted, not how a refusal is written."""
        return JSONRenderer(), JSONRenderer.media_type

    @extend_schema(request=documents.ReportRun, responses={200: documents.ReportPage})
    @action(detail=False, methods=["post"])
    def run(self, request: Request) -> Response:
        """One page. The count is exact; the audit keeps what was asked and how many were shown."""
        told = self._told(documents.ReportRun, request)
        question, passed_on = self._question(told), Told()
        counted, page, page_size = count(question), told["page"], told["page_size"]
        lines = list(passed_on.passing(page_of(question, page, page_size)))
        note_report(
            question=question,
            by=self.viewer,
            action="report.run",
            counted=counted,
            told=passed_on,
            page=page,
        )
        document = {
            "columns": question.fields,
            "rows": lines,
            "total": counted.rows,
            "households": counted.households,
            "people": counted.people,
            "page": page,
            "next": page + 1 if page * page_size < counted.rows else None,
        }
        return Response(documents.ReportPage(document).data)

    @extend_schema(
        parameters=[OpenApiParameter("format", str, enum=list(FORMATS), required=True)],
        request=documents.ReportExport,
        responses={(200, XLSX): OpenApiTypes.BINARY, (200, "text/csv"): OpenApiTypes.BINARY},
    )
    @action(detail=False, methods=["post"])
    def export(self, request: Request) -> HttpResponse:
        """All rows as a spreadsheet or CSV (UTF-8 with BOM). No cell is a formula. 413 for more than 20 000 rows or 400 000
        cells."""
        wanted = request.query_params.get("format", "")
        if wanted not in FORMATS:
            raise Invalid("The format is xlsx or csv.", where="format")
        told = self._told(documents.ReportExport, request)
        question, passed_on = self._question(told), Told()
        counted = count(question)
        _demand_not_too_much(question, counted)
        title = told.get("title") or _title(question)
        cells = (line.cells for line in passed_on.passing(all_lines(question)))
        header = [each.name.en if in_english() else each.name.zh for each in question.fields]
        if wanted == "csv":
            file = as_csv(header, cells)
        else:
            widths = [each.width for each in question.fields]
            file = as_xlsx(title, self._notes(question, counted), header, widths, cells)
        note_report(
            question=question,
            by=self.viewer,
            action="report.export",
            counted=counted,
            told=passed_on,
            format=wanted,
        )
        answer = HttpResponse(file, content_type=FORMATS[wanted])
        name = f"{file_name(title)} {question.community.today().isoformat()}.{wanted}"
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return answer

    @extend_schema(request=documents.ReportCharts, responses={200: documents.ReportChartsDocument})
    @action(detail=False, methods=["post"])
    def charts(self, request: Request) -> Response:
        """A population pyramid, tags, and residence kinds by grid, of those whom the viewer may count."""
        told = self._told(documents.ReportCharts, request)
        community = community_of(told["community"], self.scope)
        own = reporting(self.scope, community)
        area = area_of(told["area"], community, own)
        document = {
            "pyramid": pyramid_of(area, community, own),
            "tags": tags_in(area, community, own),
            "kinds_per_grid": kinds_by_grid(area, community, own),
        }
        record(by=self.viewer, action="report.charts", community=community, detail={"area": area.noted})
        return Response(documents.ReportChartsDocument(document).data)

    def _told(self, shape: Any, request: Request) -> dict[str, Any]:
        asked = shape(data=request.data)
        asked.is_valid(raise_exception=True)
        told: dict[str, Any] = asked.validated_data
        return told

    def _question(self, told: dict[str, Any]) -> Question:
        community = community_of(told["community"], self.scope)
        return question_of(documents.asked_of(told), community, self.scope)

    def _notes(self, question: Question, counted: Counted) -> list[str]:
        """Where, how many, who and when, and that it is masked."""
        where = say("%(community)s · %(area)s · %(rows)d rows") % {
            "community": question.community, "area": question.area.called, "rows": counted.rows,
        }  # fmt: skip
        who = say("Made by %(name)s on %(day)s") % {
            "name": str(self.viewer), "day": question.community.today().isoformat(),
        }  # fmt: skip
        masked = say("Names and numbers are masked by right. For official use; do not pass on.")
        return [where, who, masked]


def _demand_not_too_much(question: Question, counted: Counted) -> None:
    cells = counted.rows * len(question.fields)
    if counted.rows > MOST_EXPORTED:
        raise TooLarge(
            "The report has %(rows)d rows, and at most %(most)d are exported: choose a smaller area.",
            rows=counted.rows, most=MOST_EXPORTED, where="area",
        )  # fmt: skip
    if cells > MOST_CELLS:
        raise TooLarge(
            "The report has %(cells)d cells, and at most %(most)d are exported: tick fewer fields.",
            cells=cells, most=MOST_CELLS, where="fields",
        )  # fmt: skip


def _title(question: Question) -> str:
    return say("Report of households") if question.of is Subject.HOUSEHOLD else say("Report of people")
