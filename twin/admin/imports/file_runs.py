"""What the pages of every import share: the list, one file from its report to its end, its rows by page, how far it is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import display
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from twin.access.actions import record
from twin.access.gate import visible
from twin.admin.imports import report
from twin.admin.work import WorkAdmin, clerk_of
from twin.base.errors import TwinError
from twin.base.runs import FileRun, State, announce

PAGE = 50
ON_ITS_WAY = (State.RECEIVED, State.APPLYING)


class FileRunAdmin(WorkAdmin):
    """Files are sent, looked at and applied; the list of them is the record.

    Say which table holds the rows, what checking and applying are (now, and as tasks), and how an application is called in
    the audit.
    """

    row_model: ClassVar[Any]
    rows_in_order: ClassVar[tuple[str, ...]]
    audited_as: ClassVar[str]
    add_title: ClassVar[Any]
    check_now: ClassVar[Callable[[Any], Any]]
    apply_now: ClassVar[Callable[[Any], Any]]
    check_later: ClassVar[Any]
    apply_later: ClassVar[Any]

    list_select_related = ("by",)
    search_fields = ("file_name", "source")
    ordering = ("-id",)
    actions = None
    change_list_template = "back_office/imports/list.html"

    @abstractmethod
    def is_large(self, run: Any) -> bool:
        """Whether it is worked on in the background."""

    @abstractmethod
    def run_page(self, request: HttpRequest, run: Any) -> HttpResponse:
        """The page of one file."""

    @display(description=_("state"), ordering="state")
    def told_state(self, run: FileRun) -> SafeString:
        return format_html('<span class="state state--{}">{}</span>', run.state, State(run.state).label)

    @display(description=_("rows"))
    def told_counts(self, run: FileRun) -> str:
        return " · ".join(
            f"{one['sign']} {one['count']} {one['label']}" for one in report.counts_of(run) if one["count"]
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.at("<path:object_id>/progress/", self.progress_view, "progress"),
            self.at("<path:object_id>/apply/", self.apply_view, "apply"),
            *super().get_urls(),
        ]

    def sources(self, request: HttpRequest) -> QuerySet[Any]:
        """Names under which files came before."""
        runs = visible(self.model._default_manager.all(), to=self.scope(request)).order_by("source")
        return runs.values_list("source", flat=True).distinct()[:50]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        added = {"add_address": self.address("add"), "add_title": self.add_title, **(extra_context or {})}
        return super().changelist_view(request, added)

    def told_run(self, request: HttpRequest, run: Any) -> dict[str, Any]:
        """What the page of every file tells, and where its buttons lead."""
        state = run.state
        return self.context(
            request, title=run.file_name, subtitle=None, run=run, original=run, on_its_way=state in ON_ITS_WAY,
            can_apply=state == State.CHECKED, error=report.error_of(run), step=step_of(run),
            counts=report.counts_of(run), something=bool(run.report), notes=report.notes_of(run),
            reasons=report.reasons_of(run), remarks=report.remarks_of(run), work=work_of(run),
            progress_address=self.address("progress", run), apply_address=self.address("apply", run),
        )  # fmt: skip

    # Rows

    def chosen(self, request: HttpRequest, run: Any) -> QuerySet[Any]:
        """The rows of one outcome, or with one note; all of them without either."""
        rows = visible(self.row_model.objects.filter(run=run), to=self.scope(request))
        rows = rows.order_by(*self.rows_in_order)
        verdict, code = request.GET.get("verdict", ""), request.GET.get("code", "")
        if verdict in self.row_model.Verdict.values:
            rows = rows.filter(verdict=verdict)
        return rows.filter(notes__contains=[{"code": code}]) if code else rows

    @staticmethod
    def page_asked(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
        """The page that is asked for, or the one on which the asked row is."""
        wanted, number = request.GET.get("row", ""), request.GET.get("page")
        if wanted.isdecimal() and (ids := list(rows.values_list("pk", flat=True))).count(int(wanted)):
            number = str(ids.index(int(wanted)) // PAGE + 1)
        return Paginator(rows, PAGE).get_page(number)

    def paged(self, request: HttpRequest, run: Any) -> dict[str, Any]:
        """A page of rows, and by what they were chosen."""
        verdict, code = request.GET.get("verdict", ""), request.GET.get("code", "")
        page = self.page_asked(request, self.chosen(request, run))
        kept = "&".join(
            f"{name}={value}"
            for name, value in (("verdict", verdict), ("code", code))
            if value.isidentifier()
        )
        chosen = report.title_of(code) if code in run.report.get("row_notes", {}) else ""
        return {"page": page, "verdict": verdict, "code": code, "code_title": chosen, "query": kept,
                "pages": page.paginator.get_elided_page_range(page.number)}  # fmt: skip

    # Work

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        return self.run_page(request, self.run_of(request, object_id))

    def checked(self, run: Any) -> HttpResponse:
        """Have it checked, and show its page."""
        if self.is_large(run):
            self.check_later.defer(run_id=run.pk)
        else:
            quietly(type(self).check_now, run)
        return redirect(self.page_of(run))

    def progress_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        run = self.run_of(request, object_id)
        return JsonResponse({"state": run.state, "on_its_way": run.state in ON_ITS_WAY, **step_of(run)})

    def apply_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Do what the report says."""
        run = self.run_of(request, object_id)
        if request.method != "POST":
            return redirect(self.page_of(run))
        if run.state != State.APPLIED:
            record(by=clerk_of(request), action=self.audited_as, community=run.community, subject=run)
        if run.state == State.CHECKED and self.is_large(run):
            announce(run)
            self.apply_later.defer(run_id=run.pk)
        else:
            refused = quietly(type(self).apply_now, run)
            if refused:
                messages.error(request, refused)
        return redirect(self.page_of(run))


def quietly(work: Any, run: Any) -> str:
    """Do it; what is refused, the run remembers. Returns what was said of it."""
    try:
        work(run)
    except TwinError as error:
        return error.message
    return ""


def step_of(run: Any) -> dict[str, Any]:
    return {"step": str(report.STEPS.get(run.step, run.step)), "done": run.done, "total": run.total}


def work_of(run: Any) -> dict[str, int]:
    """How much applying would do, and how much it leaves out."""
    counts = run.report.get("counts", {})
    does = sum(counts.get(verdict, 0) for verdict in ("create", "change", "end", "wait"))
    return {"does": does, "refused": counts.get("refuse", 0)}
