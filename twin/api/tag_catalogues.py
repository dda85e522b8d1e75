"""Catalogues of tags over HTTP: a spreadsheet in, a report out, then the same applied; and the file to start from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.roles import MAY_EDIT_PEOPLE
from twin.api.run_reports import FileRuns, rows_asked
from twin.api.tag_catalogue_documents import TagCatalogueDocument, TagCatalogueEntry, TagCatalogueUpload
from twin.base.runs import refuse_larger
from twin.people.catalogue.example import example_workbook
from twin.people.catalogue.plan import CatalogueRequest, Options
from twin.people.catalogue.runs import MOST_BYTES, apply_catalogue, check_catalogue, receive_catalogue
from twin.people.models import TagCatalogueRow, TagCatalogueRun
from twin.people.roster.handing_back import XLSX
from twin.places.importing.asking import source_of


class TagCatalogues(FileRuns):
    """Catalogues of tags of communities whose people the viewer may edit as a whole."""

    rows = TagCatalogueRun.objects.select_related("by").defer("file").order_by("-id")
    filterset_fields = ["community", "state"]
    run_rows = TagCatalogueRow.objects.order_by("id")
    upload, entry, document = TagCatalogueUpload, TagCatalogueEntry, TagCatalogueDocument
    editors, audited_as = MAY_EDIT_PEOPLE, "tags.apply"

    @extend_schema(request={"multipart/form-data": TagCatalogueUpload}, responses={201: TagCatalogueDocument})
    def create(self, request: Request) -> Response:
        """Send a catalogue. Nothing is changed: the answer tells, row by row, what would be."""
        upload = TagCatalogueUpload(data=request.data)
        upload.is_valid(raise_exception=True)
        asked = upload.validated_data
        community = self.edited(asked["community"])
        file = asked["file"]
        refuse_larger(file.size, MOST_BYTES)
        options = Options(
            sheet=asked.get("sheet") or None, fields=asked.get("fields") or {}, encoding=asked.get("encoding") or None,
            lower=tuple(asked.get("lower", ())), why=asked.get("why", ""),
        )  # fmt: skip
        source = source_of(None, file.name)
        sent = CatalogueRequest(community, file.read(), file.name, source, options)
        run = receive_catalogue(request=sent, by=self.viewer)
        return self.answer(run, work=check_catalogue, status=201)

    @extend_schema(request=None, responses=TagCatalogueDocument)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str | None = None) -> Response:
        """Do what the report says; all or nothing, and once however often it is asked for.

        409 `plan_changed` when the catalogue has changed since: then look at the new report.
        """
        return self.answer(self.to_apply(), work=apply_catalogue, status=200)

    @extend_schema(parameters=rows_asked(TagCatalogueRow.Verdict.values), responses=TagCatalogueDocument)
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
        community = self.edited(asked.run_validation(request.query_params.get("community")))
        answer = HttpResponse(example_workbook(community), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="tags-{community.pk}.xlsx"'
        return answer
