"""Imports over HTTP: a file in, a report out; then the same file applied as it was reported."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.roles import MAY_EDIT_PLACES
from twin.api.import_documents import ImportDocument, ImportEntry, ImportUpload
from twin.api.run_reports import FileRuns, rows_asked
from twin.base.runs import MIB, refuse_larger
from twin.places import tasks
from twin.places.importing.asking import options_of, source_of
from twin.places.importing.opening import MOST_BYTES
from twin.places.importing.runs import announce_apply, apply_run, check_run, kept_bytes, receive_import
from twin.places.models import ImportRow, ImportRun

AT_ONCE_BYTES = 4 * MIB
"""Some ten thousand footprints, a few seconds. Larger files are worked on in the background and asked after."""


class Imports(FileRuns):
    """Imports of communities whose places the viewer may edit as a whole."""

    rows = ImportRun.objects.select_related("by").order_by("-id")
    filterset_fields = ["community", "kind", "state"]
    run_rows = ImportRow.objects.order_by("number", "pk")
    upload, entry, document = ImportUpload, ImportEntry, ImportDocument
    editors, audited_as = MAY_EDIT_PLACES, "import.apply"

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
        community = self.edited(asked["community"])
        file, reference = asked["file"], asked.get("reference")
        refuse_larger(file.size + (reference.size if reference else 0), MOST_BYTES)
        run = receive_import(
            community=community,
            kind=asked["kind"],
            file=file,
            file_name=file.name,
            source=source_of(asked.get("source") or None, file.name),
            options=options_of(**upload.options()),
            reference=reference,
            by=self.viewer,
        )
        later = file.size > AT_ONCE_BYTES
        return self.answer(run, work=check_run, status=201, later=later, task=tasks.check_import)

    @extend_schema(request=None, responses={200: ImportDocument, 202: ImportDocument})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str | None = None) -> Response:
        """Do what the report says; all or nothing, and once however often it is asked for.

        409 `plan_changed` when the community has changed since: then look at the new report; `file_is_gone`. 202 for a large
        file.
        """
        run: ImportRun = self.to_apply()
        later = run.state == ImportRun.State.CHECKED and kept_bytes(run) > AT_ONCE_BYTES
        if later:
            announce_apply(run)
        return self.answer(run, work=apply_run, status=200, later=later, task=tasks.apply_import)

    @extend_schema(parameters=rows_asked(ImportRow.Verdict.values), responses=ImportDocument)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far it is, the report, and its rows by page."""
        return Response(self.report(self.get_object(), request))
