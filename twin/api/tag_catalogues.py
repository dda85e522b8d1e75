"""Catalogues of tags over HTTP: a spreadsheet in, a report out, then the same applied; and the file to start from."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.actions import record
from twin.access.gate import fetch
from twin.access.roles import MAY_EDIT_PEOPLE
from twin.api.import_documents import NoteDocument, SheetUpload
from twin.api.run_reports import FileRuns
from twin.base import runs
from twin.base.errors import NotVisible
from twin.base.notes import told_note
from twin.people.catalogue.example import example_workbook
from twin.people.catalogue.plan import CatalogueRequest, Options
from twin.people.catalogue.runs import MOST_BYTES, apply_catalogue, check_catalogue, receive_catalogue
from twin.people.models import TagCatalogueRow, TagCatalogueRun
from twin.people.roster.handing_back import XLSX
from twin.places.importing.asking import source_of
from twin.places.models import Community


class TagCatalogueUpload(SheetUpload):
    """The spreadsheet and how to read it. `fields` is a JSON object: our field -> column, by its name or its letter."""

    community = serializers.IntegerField(min_value=1, max_value=2**53)
    file = serializers.FileField(allow_empty_file=True, max_length=200, help_text="XLSX or CSV")
    sheet = serializers.CharField(required=False, max_length=60, help_text="Else all that have a header")
    encoding = serializers.CharField(required=False, max_length=40, help_text="Of a CSV; else told by trying")
    lower = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=500,
        help_text="Codes of the tags whose level may fall; without it no level falls",
    )
    why = serializers.CharField(required=False, max_length=200, help_text="Why they fall; the audit keeps it")
    fields_ = serializers.JSONField(required=False, help_text='{"code": "标签编码", "level": "F"}')


class TagCatalogueRowDocument(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    number = serializers.IntegerField(help_text="As the sheet shows it")
    kind = serializers.ChoiceField(TagCatalogueRow.Kind.choices)
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    verdict = serializers.ChoiceField(TagCatalogueRow.Verdict.choices)
    about_id = serializers.IntegerField(allow_null=True, help_text="The tag or class, once it is there")
    changes = serializers.DictField(help_text="field -> [then, now]; of a new one then is null")
    notes = NoteDocument(
        many=True, help_text="Of a refused row the reason comes first; `field` and `letter` name the cell"
    )


class TagCatalogueRowsPage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = TagCatalogueRowDocument(many=True)


class TagCatalogueEntry(serializers.ModelSerializer[TagCatalogueRun]):
    by = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField(
        help_text="Rows by verdict, classes that come in new, levels that fall, faults"
    )

    class Meta:
        model = TagCatalogueRun
        fields = ["id", "community", "file_name", "state", "by", "created_at", "applied_at", "counts"]

    def get_by(self, run: TagCatalogueRun) -> str | None:
        return str(run.by) if run.by else None

    def get_counts(self, run: TagCatalogueRun) -> dict[str, int]:
        return run.report.get("counts", {})


class TagCatalogueDocument(TagCatalogueEntry):
    read_as = serializers.SerializerMethodField(
        help_text="Format, encoding, and of every sheet header row and columns"
    )
    notes = serializers.SerializerMethodField(help_text="On the whole file")
    reasons = serializers.SerializerMethodField(help_text="How many rows were refused for each reason")
    error = serializers.SerializerMethodField(help_text="Why it was refused as a whole, or failed")
    rows = serializers.SerializerMethodField(help_text="A page of them")

    class Meta(TagCatalogueEntry.Meta):
        fields = [*TagCatalogueEntry.Meta.fields, "read_as", "notes", "reasons", "error", "rows"]

    @extend_schema_field(TagCatalogueRowsPage)
    def get_rows(self, run: TagCatalogueRun) -> dict[str, Any]:
        """By page, from whoever answers."""
        page: dict[str, Any] = self.context["rows"]
        return page

    def get_read_as(self, run: TagCatalogueRun) -> dict[str, Any]:
        return run.report.get("read_as", {})

    def get_notes(self, run: TagCatalogueRun) -> list[dict[str, Any]]:
        return [told_note(one) for one in run.report.get("notes", [])]

    def get_reasons(self, run: TagCatalogueRun) -> dict[str, int]:
        return run.report.get("reasons", {})

    def get_error(self, run: TagCatalogueRun) -> dict[str, Any] | None:
        return told_note(run.error) if run.error else None


def rows_page(page: Page[TagCatalogueRow]) -> dict[str, Any]:
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "results": [
            {"sheet": row.sheet, "number": row.number, "kind": row.kind, "code": row.code, "name": row.name,
             "verdict": row.verdict, "about_id": row.about_id, "changes": row.changes,
             "notes": [told_note(one) for one in row.notes]}
            for row in page
        ],
    }  # fmt: skip


class TagCatalogues(FileRuns):
    """Catalogues of tags of communities whose people the viewer may edit as a whole."""

    rows = TagCatalogueRun.objects.select_related("by").defer("file").order_by("-id")
    filterset_fields = ["community", "state"]
    parser_classes = [MultiPartParser]

    def get_serializer_class(self) -> type[Any]:
        if self.action == "create":
            return TagCatalogueUpload
        return TagCatalogueEntry if self.action == "list" else TagCatalogueDocument

    @extend_schema(request={"multipart/form-data": TagCatalogueUpload}, responses={201: TagCatalogueDocument})
    def create(self, request: Request) -> Response:
        """Send a catalogue. Nothing is changed: the answer tells, row by row, what would be."""
        upload = TagCatalogueUpload(data=request.data)
        upload.is_valid(raise_exception=True)
        asked = upload.validated_data
        community = self._edited(asked["community"])
        file = asked["file"]
        runs.refuse_larger(file.size, MOST_BYTES)
        options = Options(
            sheet=asked.get("sheet") or None, fields=asked.get("fields") or {}, encoding=asked.get("encoding") or None,
            lower=tuple(asked.get("lower", ())), why=asked.get("why", ""),
        )  # fmt: skip
        source = source_of(None, file.name)
        sent = CatalogueRequest(community, file.read(), file.name, source, options)
        run = receive_catalogue(request=sent, by=self.viewer)
        return self.answer(run, later=False, work=check_catalogue, task=None, status=201)

    @extend_schema(request=None, responses=TagCatalogueDocument)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str | None = None) -> Response:
        """Do what the report says; all or nothing, and once however often it is asked for.

        409 `plan_changed` when the catalogue has changed since: then look at the new report.
        """
        run: TagCatalogueRun = self.get_object()
        if run.state != runs.State.APPLIED:
            record(by=self.viewer, action="tags.apply", community=run.community, subject=run)
        return self.answer(run, later=False, work=apply_catalogue, task=None, status=200)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "verdict", str, enum=TagCatalogueRow.Verdict.values, description="only rows with this verdict"
            ),
            OpenApiParameter("code", str, description="only rows with this note"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=TagCatalogueDocument,
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The report, and its rows by page."""
        return Response(self.report(self.get_object(), request))

    @extend_schema(
        parameters=[OpenApiParameter("community", int, required=True)],
        responses={(200, XLSX): OpenApiResponse(bytes)},
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def example(self, request: Request) -> HttpResponse:
        """The file to start from: the tags that there are, in the columns that are read, and what goes into each."""
        asked = serializers.IntegerField(min_value=1, max_value=2**53)
        community = self._edited(asked.run_validation(request.query_params.get("community")))
        answer = HttpResponse(example_workbook(community), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="tags-{community.pk}.xlsx"'
        return answer

    def _edited(self, community_id: int) -> Community:
        """Raises NotVisible for one whose people the viewer does not edit."""
        community = fetch(Community.objects.all(), to=self.scope, pk=community_id)
        if not self.scope.holds(MAY_EDIT_PEOPLE, community.root.path):
            raise NotVisible("There is nothing here for you.")
        return community

    def rows_of(self, run: TagCatalogueRun) -> QuerySet[Any]:
        return TagCatalogueRow.objects.filter(run=run).order_by("id")

    def document(self, run: TagCatalogueRun, page: Page[TagCatalogueRow]) -> dict[str, Any]:
        document: dict[str, Any] = TagCatalogueDocument(run, context={"rows": rows_page(page)}).data
        return document
