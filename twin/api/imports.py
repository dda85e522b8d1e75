"""Imports over HTTP: a file in, a report out; then the same file applied as it was reported."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.actions import record
from twin.access.gate import fetch
from twin.access.roles import MAY_EDIT_PLACES
from twin.api.import_documents import ImportDocument, ImportEntry, ImportUpload, rows_page
from twin.api.run_reports import FileRuns
from twin.base.errors import NotVisible, TooLarge
from twin.places import tasks
from twin.places.importing.asking import options_of, source_of
from twin.places.importing.opening import MIB, MOST_BYTES
from twin.places.importing.runs import announce_apply, apply_run, check_run, receive_import
from twin.places.models import Community, ImportRow, ImportRun

AT_ONCE_BYTES = 4 * MIB
"""Some ten thousand footprints, a few seconds. Larger files are worked on in the background and asked after."""


class Imports(FileRuns):
    """Imports of communities whose places the viewer may edit as a whole."""

    rows = ImportRun.objects.select_related("by").order_by("-id")
    filterset_fields = ["community", "kind", "state"]
    parser_classes = [MultiPartParser]

    def get_serializer_class(self) -> type[Any]:
        if self.action == "create":
            return ImportUpload
        return ImportEntry if self.action == "list" else ImportDocument

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        return rows.defer("report") if self.action == "list" else rows

    @extend_schema(
        request={"multipart/form-data": ImportUpload}, responses={201: ImportDocument, 202: ImportDocument}
    )
    def create(self, request: Request) -> Response:
        """Send a file. Nothing is changed: the answer tells, row by row, what would be (201).

        A large file is checked in the background (202): ask for it until its state is `checked` or `refused`.
        """
        upload = ImportUpload(data=request.data)
        upload.is_valid(raise_exception=True)
        asked = upload.validated_data
        community = fetch(Community.objects.all(), to=self.scope, pk=asked["community"])
        if not self.scope.holds(MAY_EDIT_PLACES, community.root.path):
            raise NotVisible("There is nothing here for you.")
        file, reference = asked["file"], asked.get("reference")
        if file.size + (reference.size if reference else 0) > MOST_BYTES:
            raise TooLarge("At most %(most)s MiB are read.", most=MOST_BYTES // MIB, where="file")
        run = receive_import(
            community=community,
            kind=asked["kind"],
            file=file,
            file_name=file.name,
            source=source_of(asked.get("source") or None, file.name),
            options=options_of(**upload.options()),
            reference=reference,
            by=request.user,  # type: ignore[arg-type]
        )
        return self.answer(
            run, later=file.size > AT_ONCE_BYTES, work=check_run, task=tasks.check_import, status=201
        )

    @extend_schema(request=None, responses={200: ImportDocument, 202: ImportDocument})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str | None = None) -> Response:
        """Do what the report says; all or nothing, and once however often it is asked for.

        409 `plan_changed` when the community has changed since: then look at the new report. 202 for a large file.
        """
        run: ImportRun = self.get_object()
        if run.state != ImportRun.State.APPLIED:
            record(by=request.user, action="import.apply", community=run.community, subject=run)  # type: ignore[arg-type]
        later = run.state == ImportRun.State.CHECKED and run.file.size > AT_ONCE_BYTES
        if later:
            announce_apply(run)
        return self.answer(run, later=later, work=apply_run, task=tasks.apply_import, status=200)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "verdict", str, enum=ImportRow.Verdict.values, description="only rows with this verdict"
            ),
            OpenApiParameter("code", str, description="only rows with this note"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=ImportDocument,
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far it is, the report, and its rows by page."""
        return Response(self.report(self.get_object(), request))

    def rows_of(self, run: ImportRun) -> QuerySet[Any]:
        return ImportRow.objects.filter(run=run).order_by("number", "pk")

    def document(self, run: ImportRun, page: Page[ImportRow]) -> dict[str, Any]:
        document: dict[str, Any] = ImportDocument(run, context={"rows": rows_page(page)}).data
        return document
