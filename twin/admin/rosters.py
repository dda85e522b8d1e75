"""Rosters in the back office: what came of them, and the queue of doubtful addresses, where a clerk decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import display, register
from django.db.models import Count, Q, QuerySet
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from twin.access.roles import MAY_EDIT_PEOPLE
from twin.admin.rooms import VerbAdmin, ending
from twin.admin.site import site
from twin.base.notes import told_note
from twin.people.models import RosterAddress, RosterRow
from twin.people.roster.candidates import titles_of
from twin.people.roster.deciding import decide_address, leave_out_address

LEARN = (
    ("address", _("this address only")),
    ("building", _("the name in it, for this building")),
    ("compound", _("the name in it, for the whole compound")),
)


if TYPE_CHECKING:
    AnyForm = ModelForm[RosterAddress]
else:
    AnyForm = ModelForm


class DecisionForm(AnyForm):
    learn = ChoiceField(choices=LEARN, initial="address", label=_("remember for"))

    class Meta:
        model = RosterAddress
        fields = ("dwelling",)


@register(RosterAddress, site=site)
class RosterAddressAdmin(VerbAdmin):
    """Addresses that wait, those with the most rows first."""

    editors = MAY_EDIT_PEOPLE
    form = DecisionForm
    list_display = ("text", "waiting_rows", "state", "why", "likeliest", "roster", "decided_by")
    list_filter = ("state", "run")
    list_select_related = ("run__community", "decided_by")
    search_fields = ("text",)
    raw_id_fields = ("dwelling",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        waits = Count("rows", filter=Q(rows__verdict=RosterRow.Verdict.WAIT))
        return super().get_queryset(request).annotate(rows_that_wait=waits)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-rows_that_wait", "id")

    @display(description=_("rows that wait"), ordering="rows_that_wait")
    def waiting_rows(self, address: Any) -> int:
        count: int = address.rows_that_wait
        return count

    @display(description=_("roster"))
    def roster(self, address: RosterAddress) -> str:
        return f"{address.run} ({address.run.source})"

    @display(description=_("why it is doubtful"))
    def why(self, address: RosterAddress) -> str:
        return " ".join(told_note(one)["message"] for one in address.reasons)

    @display(description=_("likeliest places"))
    def likeliest(self, address: RosterAddress) -> str:
        """With the numbers of the dwellings, for choosing one, and how certain each is."""
        titles = titles_of([address])
        known = [
            (titles[key], one)
            for one in address.candidates
            if (key := (one["building"], one["dwelling"])) in titles
        ]
        return format_html_join(
            "",
            "{} ({}%){}<br>",
            (
                (title, round(100 * one["confidence"]), f" → {one['dwelling']}" if one["dwelling"] else "")
                for title, one in known
            ),
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        told = ("roster", "text", "waiting_rows", "why", "likeliest", "state")
        decided = ("dwelling", "decided_by", "decided_at")
        return (*told, "dwelling", "learn") if self.waits(obj) else (*told, *decided)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(
            f for f in self.get_fields(request, obj) if f not in ("dwelling", "learn") or not self.waits(obj)
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    @staticmethod
    def waits(address: RosterAddress | None) -> bool:
        return address is not None and address.state == RosterAddress.State.WAITING

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self.waits(obj))

    def _do(self, form: Any, row: Any, change: bool) -> RosterAddress:
        fresh = RosterAddress.objects.select_related("run__community").get(pk=row.pk)
        chosen, learn = form.cleaned_data["dwelling"], form.cleaned_data["learn"]
        return decide_address(address=fresh, dwelling=chosen, learn=learn, by=form.by)

    actions = (
        ending(
            lambda address, by: leave_out_address(address=address, by=by),
            _("The chosen ones are no addresses of the community"),
        ),
    )
