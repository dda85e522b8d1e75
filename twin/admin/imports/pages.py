"""The pages of imports of places: those there were, a new one, and one from its file to its end."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from math import log2
from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.gate import visible
from twin.admin.imports import report
from twin.admin.imports.file_runs import FileRunAdmin
from twin.admin.imports.settings_form import SettingsForm, UploadForm, said_before, try_source
from twin.admin.imports.shapes import shapes_of
from twin.admin.rooms import entered_at
from twin.admin.site import site
from twin.admin.work import clerk_of
from twin.base.errors import TwinError
from twin.places import tasks
from twin.places.importing.opening import MIB, MOST_BYTES
from twin.places.importing.runs import READ_ANEW, apply_run, check_run, kept_bytes, read_anew, receive_import
from twin.places.importing.spreadsheet import header, lines_of_stored
from twin.places.models import ImportRow, ImportRun

AT_ONCE_BYTES = 4 * MIB
"""Some ten thousand footprints, a few seconds. Larger files are worked on in the background, and the page tells how far."""


@register(ImportRun, site=site)
class ImportAdmin(FileRunAdmin):
    """Imports of places."""

    row_model, rows_in_order = ImportRow, ("number", "pk")
    audited_as, add_title = "import.apply", _("Import places")
    check_now, apply_now = check_run, apply_run
    check_later, apply_later = tasks.check_import, tasks.apply_import

    list_display = ("file_name", "kind", "told_state", "told_counts", "source", "by", entered_at)
    list_filter = ("community", "kind", "state")

    def is_large(self, run: ImportRun) -> bool:
        return kept_bytes(run) > AT_ONCE_BYTES

    def get_urls(self) -> list[URLPattern]:
        return [
            self.at("<path:object_id>/again/", self.again_view, "again"),
            self.at("<path:object_id>/rows.csv", self.rows_view, "rows"),
            self.at("<path:object_id>/shapes/", self.shapes_view, "shapes"),
            *super().get_urls(),
        ]

    # A new one

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise Http404
        form = UploadForm(request.POST or None, request.FILES or None, communities=self.communities(request))
        if request.method == "POST" and form.is_valid():
            run = self._received(request, form)
            if run is not None:
                return self.checked(run)
        context = self.context(request, title=self.add_title, form=form, sources=self.sources(request))
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

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same file, read in another way."""
        run = self.run_of(request, object_id)
        form = SettingsForm(request.POST or None, request.FILES or None)
        if request.method != "POST":
            return redirect(self.page_of(run))
        asked = try_source(form, run.file_name) if form.is_valid() else None
        if asked is None:
            return self.run_page(request, run, form)
        source, options = asked
        try:
            run = read_anew(run=run, source=source, options=options, reference=form.cleaned_data["reference"])
        except TwinError as error:
            messages.error(request, error.message)
            return redirect(self.page_of(run))
        return self.checked(run)

    # One of them

    def run_page(
        self, request: HttpRequest, run: ImportRun, form: SettingsForm | None = None
    ) -> HttpResponse:
        form = form or SettingsForm(initial=said_before(run))
        form.after_refusal = run.state == ImportRun.State.REFUSED
        context = {
            **self.told_run(request, run), **self.paged(request, run), "camera": camera_of(run),
            "form": form, "read_as": report.read_as(run),
            "can_read_anew": run.state in READ_ANEW and bool(run.file), "has_map": bool(run.report),
        }  # fmt: skip
        context["rows"] = report.rows_told(run, list(context["page"]))
        return TemplateResponse(request, "back_office/imports/run.html", context)

    def shapes_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """The shapes of a page's rows, and of as many others as a map can show, as GeoJSON in EPSG:4326."""
        run = self.run_of(request, object_id)
        rows = self.chosen(request, run)
        return JsonResponse(shapes_of(run, rows, [row.pk for row in self.page_asked(request, rows)]))

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


def camera_of(run: ImportRun) -> str:
    """For the address of the map: the middle of what was brought in, from above."""
    box = run.report.get("read_as", {}).get("box")
    if not box:
        return ""
    west, south, east, north = box
    wide = max(east - west, (north - south) * 1.5, 0.002)
    zoom = min(17.5, max(9.0, log2(360 / wide) + 0.5))
    return f"&at={(west + east) / 2:.6f},{(south + north) / 2:.6f},{zoom:.2f},0.0,45.0"
