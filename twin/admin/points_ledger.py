"""Claims and the ledger in the back office. What was written stays: a mistake gets its opposite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import display, register
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.admin.points_office import PointsAdmin
from twin.admin.site import site
from twin.points import actions
from twin.points.actions.terms import moment_of_deed, version_at
from twin.points.models import Claim, Entry, Rule

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm


class EntryForm(AnyModelForm):
    """A new entry, or the reason for which one that is there is reversed."""

    rule = forms.ModelChoiceField(Rule.objects.none(), label=_("rule"))
    reason = forms.CharField(label=_("reason"), max_length=200, help_text=_("The entry will be reversed"))

    class Meta:
        model = Entry
        fields = ("household", "points", "happened_at", "evidence")


@register(Entry, site=site)
class EntryAdmin(PointsAdmin):
    """The ledger. What is there stays: saving an entry again, with a reason, adds its opposite."""

    form = EntryForm
    list_display = (
        "number_",
        "whose",
        "kind",
        "points",
        "balance_after",
        "version",
        "happened_at",
        "auditor",
    )
    list_filter = ("community", "kind")
    list_select_related = ("version", "auditor")
    date_hierarchy = "written_at"
    ordering = ("-id",)
    raw_id_fields = ("household",)

    @display(description=_("number"), ordering="id")
    def number_(self, entry: Entry) -> str:
        return f"{entry.household_id}-{entry.number}"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("household", "rule", "points", "happened_at", "evidence")
        shown = self.get_readonly_fields(request, obj)
        return (*shown, "reason") if self.has_change_permission(request, obj) else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (
            ("whose", "kind", "version", "points", "balance_after", "happened_at", "written_at", "evidence", "auditor",
             "reverses") if obj else ()
        )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An entry can be reversed once; a reversal cannot."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or (obj.reverses_id is None and not hasattr(obj, "reversal")))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        left_out = ("rule",) if obj else ("reason",)
        for name in left_out:
            form.base_fields.pop(name, None)
        if obj is None:
            edited = self.edited(request)
            form.base_fields["rule"].queryset = Rule.objects.in_force().filter(community__in=edited)  # type: ignore[attr-defined]
            form.base_fields["points"].required = form.base_fields["happened_at"].required = False
            form.base_fields["points"].help_text = say("Where the rule leaves them open")
        return form

    def _do(self, form: Any, row: Any, change: bool) -> Entry:
        said = dict(form.cleaned_data)
        if change:
            return actions.reverse_entry(entry=row, by=form.by, reason=said["reason"])
        version = version_at(said["rule"], moment_of_deed(said["happened_at"]))
        write = actions.record_breach if version.is_breach else actions.award
        return write(by=form.by, **said)


class DecisionForm(AnyModelForm):
    """What becomes of a claim."""

    accept = forms.TypedChoiceField(
        label=_("decision"),
        choices=[("1", _("accept")), ("", _("refuse"))],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )
    points = forms.IntegerField(
        label=_("points"), required=False, help_text=_("Where the rule leaves them open")
    )
    reason = forms.CharField(label=_("reason"), max_length=200, required=False, help_text=_("Of a refusal"))

    class Meta:
        model = Claim
        fields = ("reason",)


@register(Claim, site=site)
class ClaimAdmin(PointsAdmin):
    """Claims, to be decided on one by one."""

    form = DecisionForm
    list_display = ("__str__", "whose", "version", "happened_at", "state", "filed_by", "decided_by")
    list_filter = ("community", "state")
    list_select_related = ("version", "filed_by", "decided_by")
    ordering = ("-id",)
    about = (
        "whose",
        "version",
        "worth",
        "happened_at",
        "note",
        "pictures",
        "filed_by",
        "state",
        "decided_by",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        waits = obj is None or obj.state == Claim.State.FILED
        return waits and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        decides = self.has_change_permission(request, obj)
        return (*self.about, "accept", "points", "reason") if decides else (*self.about, "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.about

    @display(description=_("points"))
    def worth(self, claim: Claim) -> str:
        version = claim.version
        return str(version.least) if version.fixed is not None else f"{version.least} – {version.most}"

    @display(description=_("photos"))
    def pictures(self, claim: Claim) -> SafeString:
        addresses = ((f"/api/points/photos/{photo.pk}/",) for photo in claim.photos.filter(forgotten_at=None))
        return format_html_join(
            " ", '<a href="{0}"><img src="{0}" height="160" alt=""></a>', addresses
        ) or format_html("—")

    def _do(self, form: Any, row: Any, change: bool) -> Claim:
        said = form.cleaned_data
        return actions.audit_claim(
            claim=row,
            by=form.by,
            accept=bool(said["accept"]),
            points=said["points"],
            reason=said["reason"],
        )
