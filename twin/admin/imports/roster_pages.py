"""The pages of rosters: sending one, its report row by row, and bringing it in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.actions import record
from twin.access.gate import visible
from twin.access.roles import MAY_EDIT_PEOPLE
from twin.admin.imports import roster_report
from twin.admin.imports.file_runs import FileRunAdmin
from twin.admin.imports.roster_form import RosterForm, said_of
from twin.admin.rooms import entered_at
from twin.admin.site import site
from twin.admin.work import clerk_of
from twin.base.errors import Conflict, Invalid
from twin.people import tasks
from twin.people.models import RosterAddress, RosterRow, RosterRun
from twin.people.roster.handing_back import XLSX, marked_roster
from twin.people.roster.plan import RosterRequest
from twin.people.roster.runs import AT_ONCE_BYTES, apply_roster, check_roster, receive_roster
from twin.people.roster.workbook import MIB, MOST_BYTES


@register(RosterRun, site=site)
class RosterRunAdmin(FileRunAdmin):
    """Rosters, for who may edit all people of a community."""

    editors = MAY_EDIT_PEOPLE
    row_model, rows_in_order = RosterRow, ("pk",)
    audited_as, add_title = "roster.apply", _("Bring in a roster")
    check_now, apply_now = check_roster, apply_roster
    check_later, apply_later = tasks.check_sent_roster, tasks.apply_sent_roster

    list_display = ("file_name", "told_state", "told_counts", "source", "by", entered_at, "applied_at")
    list_filter = ("community", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("file_sealed")

    def is_large(self, run: RosterRun) -> bool:
        return len(run.file_sealed or b"") > AT_ONCE_BYTES

    def get_urls(self) -> list[URLPattern]:
        return [self.at("<path:object_id>/faults/", self.faults_view, "faults"), *super().get_urls()]

    # A new one

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise Http404
        form = RosterForm(
            request.POST or None, request.FILES or None, communities=self.communities(request),
            initial=self._said_before(request),
        )  # fmt: skip
        if request.method == "POST" and form.is_valid():
            run = self._received(request, form)
            if run is not None:
                return self.checked(run)
        context = self.context(request, title=self.add_title, form=form, sources=self.sources(request))
        return TemplateResponse(request, "back_office/imports/roster_upload.html", context)

    def _said_before(self, request: HttpRequest) -> dict[str, Any]:
        like = request.GET.get("like", "")
        return said_of(self.run_of(request, like)) if like.isdecimal() else {}

    def _received(self, request: HttpRequest, form: RosterForm) -> RosterRun | None:
        """None, and the reason on the form, for what cannot be right."""
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            form.add_error("file", say("At most %(most)s MiB are read.") % {"most": MOST_BYTES // MIB})
            return None
        try:
            source = form.source_name(file.name)
        except Invalid as error:
            form.add_error("source", error.message)
            return None
        community = form.cleaned_data["community"]
        asked = RosterRequest(community, file.read(), file.name, source, form.options())
        return receive_roster(request=asked, by=clerk_of(request))

    # One of them

    def run_page(self, request: HttpRequest, run: RosterRun) -> HttpResponse:
        waiting = RosterAddress.objects.filter(run=run, state=RosterAddress.State.WAITING).count()
        asked = urlencode({"run__id__exact": str(run.pk), "state__exact": "waiting"})
        context = {
            **self.told_run(request, run), **self.paged(request, run), "read_as": roster_report.read_as(run),
            "waiting": waiting, "queue_address": f"{reverse('admin:people_rosteraddress_changelist')}?{asked}",
            "faults": run.report.get("counts", {}).get("faults", 0), "is_mine": run.by_id == request.user.pk,
            "faults_address": self.address("faults", run), "like_address": f"{self.address('add')}?like={run.pk}",
        }  # fmt: skip
        context["rows"] = roster_report.rows_told(run, list(context["page"]), self.scope(request))
        return TemplateResponse(request, "back_office/imports/roster.html", context)

    def chosen(self, request: HttpRequest, run: Any) -> QuerySet[Any]:
        return super().chosen(request, run).defer("said_sealed")

    def faults_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The roster handed back to whoever sent it. 404 for others: it holds what people are not shown."""
        run = self.run_of(request, object_id)
        if run.by_id != request.user.pk:
            raise Http404
        try:
            made = marked_roster(run, visible(RosterRow.objects.filter(run=run), to=self.scope(request)))
        except Conflict as error:
            messages.error(request, error.message)
            return redirect(self.page_of(run))
        record(by=clerk_of(request), action="roster.faults", community=run.community, subject=run)
        name = f"roster-{run.pk}.xlsx"
        return HttpResponse(
            made, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
