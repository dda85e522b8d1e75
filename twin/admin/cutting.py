"""Cutting buildings into homes, on pages: choose, see how many, start, watch, stop and go on."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import display, register
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from procrastinate.exceptions import AlreadyEnqueued

from twin.access.actions import record
from twin.access.gate import visible
from twin.admin.rooms import entered_at
from twin.admin.site import site
from twin.admin.work import WorkAdmin, clerk_of
from twin.base.errors import Conflict, Invalid
from twin.base.sentences import told
from twin.places import tasks
from twin.places.actions.cut_runs import cut_all, go_on_cutting, plan_cutting, stop_cutting
from twin.places.models import Building, Community, Compound, CutRow, CutRun, Grid

AT_ONCE = 20
"""So many buildings are cut while somebody waits; more are cut in the background."""
QUIET = timedelta(seconds=60)
"""After which somebody may be told that nothing moves."""
PAGE = 50
LIVED_IN = (Building.Use.RESIDENTIAL, Building.Use.MIXED)
WHICH = (
    ("all", _("All of the community")),
    ("compound", _("Those of a compound")),
    ("grid", _("Those in a grid, and in the grids below it")),
)


class CutForm(forms.Form):
    """Which buildings."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none())
    which = forms.ChoiceField(label=_("Which buildings"), choices=WHICH, initial="all")
    compound = forms.ModelChoiceField(
        label=_("compound"), queryset=Compound.objects.none(), required=False, empty_label="—"
    )
    grid = forms.ModelChoiceField(
        label=_("grid"), queryset=Grid.objects.none(), required=False, empty_label="—"
    )
    every_use = forms.BooleanField(
        label=_("Also those in which nobody is meant to live"), required=False,
        help_text=_("Otherwise only residential and mixed buildings."),
    )  # fmt: skip
    again = forms.BooleanField(
        label=_("Cut again what is cut already"), required=False,
        help_text=_(
            "For buildings whose floors or units were corrected: their present homes end, and new ones take their place. "
            "Buildings with people, devices or roles in them are left as they are, and listed."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = list(communities)
        self._rows("community", communities)
        self._rows("compound", Compound.objects.standing().filter(community__in=own).order_by("name"))
        self._rows("grid", Grid.objects.standing().filter(community__in=own).order_by("path"))
        if len(own) == 1:
            self.fields["community"].initial = own[0].pk
            self.fields["community"].widget = forms.HiddenInput()

    def _rows(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        which = said.get("which")
        if which in ("compound", "grid"):
            place = said.get(which)
            if place is None:
                self.add_error(which, say("Choose one."))
            elif said.get("community") and place.community_id != said["community"].pk:
                self.add_error(which, say("It lies in another community."))
        return said

    def buildings(self) -> QuerySet[Building]:
        said = self.cleaned_data
        rows = Building.objects.standing().filter(community=said["community"])
        if said["which"] == "compound":
            rows = rows.filter(compound=said["compound"])
        elif said["which"] == "grid":
            rows = rows.inside(said["grid"])
        return rows if said["every_use"] else rows.filter(use__in=LIVED_IN)

    def what(self) -> str:
        said = self.cleaned_data
        return str(said["community"] if said["which"] == "all" else said[said["which"]])


@register(CutRun, site=site)
class CutRunAdmin(WorkAdmin):
    """Cuttings, for who may edit the places of a whole community."""

    list_display = ("what", "told_state", "told_progress", "again", "by", entered_at)
    list_filter = ("community",)
    list_select_related = ("by",)
    ordering = ("-id",)
    actions = None

    @display(description=_("state"))
    def told_state(self, run: CutRun) -> str:
        return str(state_of(run)[1])

    @display(description=_("buildings"))
    def told_progress(self, run: CutRun) -> str:
        return f"{run.done} / {run.total}"  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        done = Count("rows", filter=~Q(rows__outcome=CutRow.Outcome.WAITING))
        return super().get_queryset(request).annotate(total=Count("rows"), done=done)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.at("<path:object_id>/progress/", self.progress_view, "progress"),
            self.at("<path:object_id>/stop/", self.stop_view, "stop"),
            self.at("<path:object_id>/go-on/", self.go_on_view, "go_on"),
            *super().get_urls(),
        ]

    # A new one

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise Http404
        form = CutForm(request.POST or None, communities=self.communities(request))
        counted = None
        if request.method == "POST" and form.is_valid():
            counted = _counted(form)
            if "start" in request.POST and (run := self._planned(request, form)):
                return self.started(run)
        title = say("Cut buildings into homes")
        context = self.context(request, title=title, form=form, counted=counted)
        return TemplateResponse(request, "back_office/cutting/new.html", context)

    def _planned(self, request: HttpRequest, form: CutForm) -> CutRun | None:
        said = form.cleaned_data
        try:
            run = plan_cutting(
                community=said["community"], buildings=form.buildings(), what=form.what(), again=said["again"],
                by=clerk_of(request),
            )  # fmt: skip
        except Invalid as error:
            form.add_error("which", error.message)
            return None
        record(by=clerk_of(request), action="cutting.start", community=run.community, subject=run)
        return run

    def started(self, run: CutRun) -> HttpResponse:
        """Have it done, and show its page."""
        if run.rows.count() <= AT_ONCE:
            cut_all(run.pk)
        else:
            with suppress(AlreadyEnqueued):  # then it waits for its turn already
                tasks.cut_buildings_of.configure(queueing_lock=f"cut {run.pk}").defer(run_id=run.pk)
        return redirect(self.page_of(run))

    # One of them

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if self.get_object(request, object_id) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        run = self.run_of(request, object_id)
        refused = visible(
            CutRow.objects.filter(run=run, outcome=CutRow.Outcome.REFUSED), to=self.scope(request)
        )
        page = Paginator(refused.select_related("building").order_by("pk"), PAGE).get_page(
            request.GET.get("page")
        )
        state, words = state_of(run)
        context = self.context(
            request, title=run.what, run=run, original=run, state=state, state_words=words, step=step_of(run),
            done=run.rows.aggregate(
                cut=Count("pk", filter=Q(outcome=CutRow.Outcome.CUT)), dwellings=Sum("dwellings"),
                waiting=Count("pk", filter=Q(outcome=CutRow.Outcome.WAITING)),
            ),
            page=page, rows=[(row, told(row.why["sentence"], row.why["values"])) for row in page],
            pages=page.paginator.get_elided_page_range(page.number),
            progress_address=self.address("progress", run), stop_address=self.address("stop", run),
            go_on_address=self.address("go_on", run),
        )  # fmt: skip
        return TemplateResponse(request, "back_office/cutting/run.html", context)

    def progress_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        run = self.run_of(request, object_id)
        state, words = state_of(run)
        return JsonResponse(
            {"state": state, "on_its_way": state == "moving", **step_of(run), "step": str(words)}
        )

    def stop_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run = self.run_of(request, object_id)
        if request.method == "POST":
            stop_cutting(run=run)
        return redirect(self.page_of(run))

    def go_on_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take up what is left. Harmless when it was not broken off: two at once share the work."""
        run = self.run_of(request, object_id)
        if request.method != "POST":
            return redirect(self.page_of(run))
        try:
            go_on_cutting(run=run)
        except Conflict as error:
            messages.error(request, error.message)
            return redirect(self.page_of(run))
        record(by=clerk_of(request), action="cutting.go_on", community=run.community, subject=run)
        return self.started(run)


def _counted(form: CutForm) -> dict[str, int]:
    rows = form.buildings()
    new = rows.filter(cut=Building.Cut.NONE).count()
    return {"new": new, "again": rows.count() - new}


def state_of(run: CutRun) -> tuple[str, Any]:
    if run.finished_at:
        return "done", _("done")
    if run.stopped_at:
        return "stopped", _("stopped")
    if timezone.now() - run.moved_at > QUIET:
        return "still", _("does not move")
    return "moving", _("being cut")


def step_of(run: Any) -> dict[str, Any]:
    return {"step": str(state_of(run)[1]), "done": run.done, "total": run.total}
