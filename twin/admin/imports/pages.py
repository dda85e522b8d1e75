"""The pages of imports: those there were, a new one, and one from its file to its end."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from math import log2
from typing import Any

from django.contrib import messages
from django.contrib.admin import display, register
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.actions import record
from twin.access.gate import visible
from twin.accounts.models import User
from twin.admin.imports import report
from twin.admin.imports.settings_form import SettingsForm, UploadForm, said_before, try_source
from twin.admin.rooms import ScopedAdmin
from twin.admin.site import site
from twin.base.errors import TwinError
from twin.places import tasks
from twin.places.importing.opening import MIB, MOST_BYTES
from twin.places.importing.runs import (
    READ_ANEW,
    announce_apply,
    apply_run,
    check_run,
    read_anew,
    receive_import,
)
from twin.places.importing.spreadsheet import header, lines_of_stored
from twin.places.models import Community, ImportRow, ImportRun

AT_ONCE_BYTES = 4 * MIB
"""Some ten thousand footprints, a few seconds. Larger files are worked on in the background, and the page tells how far."""
PAGE = 50
ON_ITS_WAY = (ImportRun.State.RECEIVED, ImportRun.State.APPLYING)


@register(ImportRun, site=site)
class ImportAdmin(ScopedAdmin):
    """Imports are made, looked at and applied; the list of them is the record."""

    list_display = ("file_name", "kind", "told_state", "told_counts", "source", "by", "created_at")
    list_filter = ("community", "kind", "state")
    list_select_related = ("by",)
    search_fields = ("file_name", "source")
    ordering = ("-id",)
    actions = None
    change_list_template = "back_office/imports/list.html"

    @display(description=_("state"), ordering="state")
    def told_state(self, run: ImportRun) -> SafeString:
        return format_html('<span class="state state--{}">{}</span>', run.state, run.get_state_display())

    @display(description=_("rows"))
    def told_counts(self, run: ImportRun) -> str:
        return " · ".join(
            f"{one['sign']} {one['count']} {one['label']}" for one in report.counts_of(run) if one["count"]
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)

    def get_urls(self) -> list[URLPattern]:
        return [
            self._page("<path:object_id>/progress/", self.progress_view, "progress"),
            self._page("<path:object_id>/apply/", self.apply_view, "apply"),
            self._page("<path:object_id>/again/", self.again_view, "again"),
            self._page("<path:object_id>/rows.csv", self.rows_view, "rows"),
            *super().get_urls(),
        ]

    def _page(self, route: str, view: Any, name: str) -> URLPattern:
        def of_this_site(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return self.admin_site.admin_view(view)(request, *args, **kwargs)

        of_this_site.model_admin = self  # type: ignore[attr-defined]  # as Django marks its own
        return path(route, of_this_site, name=f"places_importrun_{name}")

    # What came before

    def run_of(self, request: HttpRequest, object_id: str) -> ImportRun:
        """Raises Http404 for what is not this clerk's."""
        run = self.get_object(request, object_id)
        if run is None or not self.may_edit(request, run):
            raise Http404
        assert isinstance(run, ImportRun)
        return run

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, **more}

    # A new one

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise Http404
        communities = visible(Community.objects.all(), to=self.scope(request)).filter(
            pk__in=self.edited(request)
        )
        form = UploadForm(request.POST or None, request.FILES or None, communities=communities.order_by("id"))
        if request.method == "POST" and form.is_valid():
            run = self._received(request, form)
            if run is not None:
                return self._checked(request, run)
        sources = (
            visible(ImportRun.objects.all(), to=self.scope(request))
            .order_by("source")
            .values_list("source", flat=True)
        )
        context = self._context(
            request, title=say("Import places"), form=form, sources=sources.distinct()[:50]
        )
        return TemplateResponse(request, "back_office/imports/upload.html", context)

    def _received(self, request: HttpRequest, form: UploadForm) -> ImportRun | None:
        file, reference = form.cleaned_data["file"], form.cleaned_data["reference"]
        if file.size + (reference.size if reference else 0) > MOST_BYTES:
            form.add_error("file", say("At most %(most)s MiB are read.") % {"most": MOST_BYTES // MIB})
            return None
        asked = try_source(form, file.name)
        if asked is None:
            return None
        source, options = asked
        return receive_import(
            community=form.cleaned_data["community"], kind=form.cleaned_data["kind"], file=file, file_name=file.name,
            source=source, options=options, reference=reference, by=clerk_of(request),
        )  # fmt: skip

    def _checked(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        if run.file.size > AT_ONCE_BYTES:
            tasks.check_import.defer(run_id=run.pk)
        else:
            quietly(check_run, run)
        return redirect(page_of(run))

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same file, read in another way."""
        run = self.run_of(request, object_id)
        form = SettingsForm(request.POST or None, request.FILES or None)
        if request.method != "POST":
            return redirect(page_of(run))
        asked = try_source(form, run.file_name) if form.is_valid() else None
        if asked is None:
            return self._run_page(request, run, form)
        source, options = asked
        try:
            run = read_anew(run=run, source=source, options=options, reference=form.cleaned_data["reference"])
        except TwinError as error:
            messages.error(request, error.message)
            return redirect(page_of(run))
        return self._checked(request, run)

    # One of them

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        return self._run_page(
            request, self.run_of(request, object_id), SettingsForm(initial=said_before(run))
        )

    def _run_page(self, request: HttpRequest, run: ImportRun, form: SettingsForm) -> HttpResponse:
        state = run.state
        context = self._context(
            request, title=run.file_name, subtitle=None, run=run, original=run, form=form,
            on_its_way=state in ON_ITS_WAY, can_apply=state == ImportRun.State.CHECKED,
            can_read_anew=state in READ_ANEW and bool(run.file), error=report.error_of(run), step=step_of(run),
            counts=report.counts_of(run), something=bool(run.report), read_as=report.read_as(run),
            notes=report.notes_of(run), reasons=report.reasons_of(run), remarks=report.remarks_of(run),
            **self._rows(request, run), work=work_of(run), camera=camera_of(run),
        )  # fmt: skip
        return TemplateResponse(request, "back_office/imports/run.html", context)

    def _rows(self, request: HttpRequest, run: ImportRun) -> dict[str, Any]:
        rows = visible(ImportRow.objects.filter(run=run), to=self.scope(request)).order_by("number", "pk")
        verdict, code = request.GET.get("verdict", ""), request.GET.get("code", "")
        if verdict in ImportRow.Verdict.values:
            rows = rows.filter(verdict=verdict)
        if code:
            rows = rows.filter(notes__contains=[{"code": code}])
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        kept = "&".join(
            f"{name}={value}"
            for name, value in (("verdict", verdict), ("code", code))
            if value.isidentifier()
        )
        chosen = report.title_of(code) if code in run.report.get("row_notes", {}) else ""
        return {"page": page, "rows": report.rows_told(run, list(page)), "verdict": verdict, "code": code,
                "code_title": chosen, "query": kept, "pages": page.paginator.get_elided_page_range(page.number)}  # fmt: skip

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run = self.run_of(request, object_id)
        return JsonResponse({"state": run.state, "on_its_way": run.state in ON_ITS_WAY, **step_of(run)})

    def apply_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Do what the report says."""
        run = self.run_of(request, object_id)
        if request.method != "POST":
            return redirect(page_of(run))
        if run.state != ImportRun.State.APPLIED:
            record(by=clerk_of(request), action="import.apply", community=run.community, subject=run)
        if run.state == ImportRun.State.CHECKED and run.file and run.file.size > AT_ONCE_BYTES:
            announce_apply(run)
            tasks.apply_import.defer(run_id=run.pk)
        else:
            refused = quietly(apply_run, run)
            if refused:
                messages.error(request, refused)
        return redirect(page_of(run))

    def rows_view(self, request: HttpRequest, object_id: str) -> StreamingHttpResponse:
        """The report for a spreadsheet; the mark at its start tells Excel that it is UTF-8."""
        run = self.run_of(request, object_id)
        rows = visible(ImportRow.objects.filter(run=run), to=self.scope(request)).order_by("number", "pk")
        name = f"import-{run.pk}.csv"
        return StreamingHttpResponse(
            written_lines(rows), content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip


class Line:
    """What the csv module writes is handed on at once."""

    def write(self, text: str) -> str:
        return text


def written_lines(rows: QuerySet[Any]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield "\ufeff"
    yield writer.writerow(header())  # type: ignore[misc]
    for line in lines_of_stored(rows.iterator(chunk_size=2000)):
        yield writer.writerow(line)  # type: ignore[misc]


def quietly(work: Any, run: ImportRun) -> str:
    """Do it; what is refused, the run remembers. Returns what was said of it."""
    try:
        work(run)
    except TwinError as error:
        return error.message
    return ""


def clerk_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the site lets nobody else in
    return request.user


def page_of(run: ImportRun) -> str:
    return reverse("admin:places_importrun_change", args=[run.pk])


def step_of(run: ImportRun) -> dict[str, Any]:
    return {"step": str(report.STEPS.get(run.step, run.step)), "done": run.done, "total": run.total}


def work_of(run: ImportRun) -> dict[str, int]:
    """How much applying would do, and how much it leaves out."""
    counts = run.report.get("counts", {})
    does = sum(counts.get(verdict, 0) for verdict in ("create", "change", "end"))
    return {"does": does, "refused": counts.get("refuse", 0)}


def camera_of(run: ImportRun) -> str:
    """For the address of the map: the middle of what was brought in, from above."""
    box = run.report.get("read_as", {}).get("box")
    if not box:
        return ""
    west, south, east, north = box
    wide = max(east - west, (north - south) * 1.5, 0.002)
    zoom = min(17.5, max(9.0, log2(360 / wide) + 0.5))
    return f"&at={(west + east) / 2:.6f},{(south + north) / 2:.6f},{zoom:.2f},0.0,45.0"
