"""Rosters over HTTP: a spreadsheet in, a report out, then the same applied; and the addresses that wait for a clerk."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.actions import record
from twin.access.gate import fetch, visible
from twin.access.roles import MAY_EDIT_PEOPLE
from twin.api import roster_documents as documents
from twin.api.run_reports import FileRuns, rows_asked
from twin.api.scoped import ScopedViewSet
from twin.base import runs
from twin.base.errors import NotVisible
from twin.people import tasks
from twin.people.models import RosterAddress, RosterRow, RosterRun
from twin.people.roster.candidates import titles_of
from twin.people.roster.deciding import decide_address, leave_out_address, lessons_for
from twin.people.roster.handing_back import XLSX, marked_roster
from twin.people.roster.plan import Options, RosterRequest
from twin.people.roster.runs import AT_ONCE_BYTES, apply_roster, check_roster, receive_roster
from twin.people.roster.workbook import MOST_BYTES
from twin.places.actions import end_alias
from twin.places.importing.asking import source_of
from twin.places.models import AddressAlias, Dwelling


class Rosters(FileRuns):
    """Rosters of communities whose people the viewer may edit as a whole."""

    rows = RosterRun.objects.select_related("by").defer("file_sealed").order_by("-id")
    filterset_fields = ["community", "state"]
    run_rows = RosterRow.objects.defer("said_sealed").order_by("id")
    upload, entry, document = documents.RosterUpload, documents.RosterEntry, documents.RosterDocument
    editors, audited_as = MAY_EDIT_PEOPLE, "roster.apply"

    @extend_schema(
        request={"multipart/form-data": documents.RosterUpload},
        responses={201: documents.RosterDocument, 202: documents.RosterDocument},
    )
    def create(self, request: Request) -> Response:
        """Send a roster. Nothing is changed: the answer tells, row by row, what would be (201).

        A large one is checked in the background (202): ask for it until its state is `checked` or `refused`.
        """
        upload = documents.RosterUpload(data=request.data)
        upload.is_valid(raise_exception=True)
        asked = upload.validated_data
        community = self.edited(asked["community"])
        file = asked["file"]
        runs.refuse_larger(file.size, MOST_BYTES)
        options = Options(
            sheet=asked.get("sheet") or None,
            fields=asked.get("fields") or {},
            compound=asked.get("compound", ""),
            encoding=asked.get("encoding") or None,
        )
        source = source_of(asked.get("source") or None, file.name)
        sent = RosterRequest(community, file.read(), file.name, source, options)
        run = receive_roster(request=sent, by=self.viewer)
        later = file.size > AT_ONCE_BYTES
        return self.answer(run, work=check_roster, status=201, later=later, task=tasks.check_sent_roster)

    @extend_schema(request=None, responses={200: documents.RosterDocument, 202: documents.RosterDocument})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str | None = None) -> Response:
        """Do what the report says; all or nothing, and once however often it is asked for.

        409 `plan_changed` when the community has changed since: then look at the new report. 202 for a large roster.
        """
        run: RosterRun = self.to_apply()
        later = run.state == runs.State.CHECKED and len(run.file_sealed or b"") > AT_ONCE_BYTES
        if later:
            runs.announce(run)
        return self.answer(run, work=apply_roster, status=200, later=later, task=tasks.apply_sent_roster)

    @extend_schema(parameters=rows_asked(RosterRow.Verdict.values), responses=documents.RosterDocument)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far it is, the report, and its rows by page."""
        return Response(self.report(self.get_object(), request))

    @extend_schema(responses={(200, XLSX): OpenApiResponse(bytes)})
    @action(detail=True, methods=["get"])
    def faults(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The roster handed back to whoever sent it, with every fault marked on its cell and told in a column of its own.

        404 for others: it holds what people are not shown. 409 once the file is not kept any longer (30 days).
        """
        run: RosterRun = self.get_object()
        if run.by_id != self.viewer.pk:
            raise NotVisible("There is nothing here for you.")
        made = marked_roster(run, visible(RosterRow.objects.filter(run=run), to=self.scope))
        record(by=request.user, action="roster.faults", community=run.community, subject=run)  # type: ignore[arg-type]
        answer = HttpResponse(made, content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="roster-{run.pk}.xlsx"'
        return answer


class RosterAddresses(ScopedViewSet):
    """Doubtful addresses of rosters, those with the most rows first. They wait once their roster is applied."""

    rows = (
        RosterAddress.objects.select_related("run__community", "decided_by")
        .annotate(waiting_rows=Count("rows", filter=Q(rows__verdict=RosterRow.Verdict.WAIT)))
        .order_by("-waiting_rows", "id")
    )
    serializer_class = documents.RosterAddressDocument
    filterset_fields = {"run__community": ["exact"], "run": ["exact"], "state": ["exact"]}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        context = {**self.get_serializer_context(), "titles": titles_of(page or [])}
        return self.get_paginated_response(self.serializer_class(page, many=True, context=context).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._told(self.get_object())

    @extend_schema(
        parameters=[OpenApiParameter("dwelling", int, required=True)],
        responses=documents.LessonDocument(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def lessons(self, request: Request, pk: str | None = None) -> Response:
        """What can be learned when this address is that dwelling, the widest first."""
        asked = documents.AddressDecision(data=request.query_params)
        asked.is_valid(raise_exception=True)
        address = self.get_object()
        found = lessons_for(address, self._dwelling(address, asked.validated_data["dwelling"]))
        return Response([documents.lesson_document(one) for one in found])

    @extend_schema(request=documents.AddressDecision, responses=documents.RosterAddressDocument)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """This address is that dwelling. The rows that wait for it come in, and those that are clear by what is learned."""
        asked = documents.AddressDecision(data=request.data)
        asked.is_valid(raise_exception=True)
        address = self.get_object()
        dwelling = self._dwelling(address, asked.validated_data["dwelling"])
        decide_address(
            address=address,
            dwelling=dwelling,
            learn=asked.validated_data["learn"],
            by=request.user,  # type: ignore[arg-type]
        )
        return self._told(self.get_object())

    @extend_schema(request=None, responses=documents.RosterAddressDocument)
    @action(detail=True, methods=["post"])
    def leave_out(self, request: Request, pk: str | None = None) -> Response:
        """This is no address of the community: its rows do not come in."""
        leave_out_address(address=self.get_object(), by=request.user)  # type: ignore[arg-type]
        return self._told(self.get_object())

    def _dwelling(self, address: RosterAddress, dwelling_id: int) -> Dwelling:
        rows = Dwelling.objects.standing().filter(community=address.run.community_id)
        return fetch(rows, to=self.scope, pk=dwelling_id)

    def _told(self, address: RosterAddress) -> Response:
        context = {**self.get_serializer_context(), "titles": titles_of([address])}
        return Response(self.serializer_class(address, context=context).data)


class AddressAliases(ScopedViewSet):
    """What clerks have decided that addresses and names mean; what has ended too."""

    rows = AddressAlias.objects.select_related("decided_by", "ended_by").order_by("-id")
    serializer_class = documents.AddressAliasDocument
    filterset_fields = {"community": ["exact"], "covers": ["exact"], "ended_at": ["isnull"]}

    @extend_schema(request=None, responses=documents.AddressAliasDocument)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """It was a mistake, or is so no longer. Homes that were found by it stay as they are."""
        end_alias(alias=self.get_object(), by=request.user)  # type: ignore[arg-type]
        return Response(self.get_serializer(self.get_object()).data)
