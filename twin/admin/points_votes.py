"""Votes on civilised families in the back office: announced, families put up, counted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import display, register
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twin.admin.points_office import WrittenOnceAdmin, doing
from twin.admin.site import site
from twin.points import actions
from twin.points.models import Candidate, FamilyVote


@register(FamilyVote, site=site)
class FamilyVoteAdmin(WrittenOnceAdmin):
    """Votes on civilised families."""

    list_display = ("title", "opens_at", "closes_at", "standing_", "turnout_", "closed_at")
    fields = ("community", "title", "opens_at", "closes_at", "counts_from", "counts_until", "vote_weight", "choices",
              "places")  # fmt: skip
    ordering = ("-id",)
    actions = (
        doing("count", _("Count the chosen ones"), lambda row, by: actions.count_vote(vote=row, by=by)),
    )

    @display(description=_("candidates"))
    def standing_(self, vote: FamilyVote) -> int:
        return int(vote.candidates.count())

    @display(description=_("have voted"))
    def turnout_(self, vote: FamilyVote) -> int:
        return int(vote.turnout.count())

    def _do(self, form: Any, row: Any, change: bool) -> FamilyVote:
        return actions.open_vote(**form.cleaned_data, by=form.by)


@register(Candidate, site=site)
class CandidateAdmin(WrittenOnceAdmin):
    """Families that stand. One is put up until the vote opens, with what it has done: heads are masked, and alike."""

    list_display = ("whose", "story", "vote", "points", "score", "place")
    list_filter: ClassVar[tuple[str, ...]] = ("vote",)
    list_select_related = ("vote",)
    ordering = ("-vote", "place", "pk")
    raw_id_fields = ("household",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("vote", "household", "story", *(("points", "score", "place") if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "vote":
            field.queryset = field.queryset.filter(opens_at__gt=timezone.now())
        return field

    def _do(self, form: Any, row: Any, change: bool) -> Candidate:
        household, vote = form.cleaned_data["household"], form.cleaned_data["vote"]
        stories = {household.pk: form.cleaned_data["story"]}
        [candidate] = actions.nominate(vote=vote, households=[household], by=form.by, stories=stories)
        return candidate
