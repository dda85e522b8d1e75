"""Civic points in the back office: what was agreed on. To change a rule is to publish its next version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import display, register
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from twin.admin.points_office import PointsAdmin, WrittenOnceAdmin
from twin.admin.rooms import ending
from twin.admin.site import site
from twin.points import actions
from twin.points.models import Band, RuleClass, RuleVersion, Scheme

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm


@register(Scheme, site=site)
class SchemeAdmin(PointsAdmin):
    list_display = ("community", "month_board", "year_board", "claim_days", "photo_days")
    fields = ("community", "month_board", "year_board", "claim_days", "photo_days")

    def _do(self, form: Any, row: Any, change: bool) -> Scheme:
        said = dict(form.cleaned_data)
        community = row.community if change else said.pop("community")
        return actions.change_scheme(community=community, by=form.by, **said)


@register(Band, site=site)
class BandAdmin(WrittenOnceAdmin):
    """Agreed on all at once, over HTTP."""

    list_display = ("name", "name_en", "code", "least", "colour")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(ended_at=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@register(RuleClass, site=site)
class RuleClassAdmin(WrittenOnceAdmin):
    list_display = ("name", "name_en", "code")
    fields = ("community", "code", "name", "name_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(ended_at=None)

    def _do(self, form: Any, row: Any, change: bool) -> RuleClass:
        return actions.add_rule_class(**form.cleaned_data, by=form.by)


class RuleForm(AnyModelForm):
    """A version of a rule; saving another one publishes the next."""

    code = forms.SlugField(label=_("code"), max_length=40)
    valid_from = forms.SplitDateTimeField(
        label=_("valid from"),
        required=False,
        help_text=_("Empty: from now on"),
        widget=AdminSplitDateTime,
    )

    class Meta:
        model = RuleVersion
        fields = ("community", "kind", "name", "name_en", "description", "least", "most", "needs_audit",
                  "needs_photo", "cap_times", "cap_points", "cap_period")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("valid_from", None)
        if self.instance.pk:
            self.initial["code"] = self.instance.rule.code
            self.fields["code"].disabled = True


@register(RuleVersion, site=site)
class RuleAdmin(PointsAdmin):
    """What each rule said and says. To change a rule is to publish its next version."""

    form = RuleForm
    list_display = ("name", "code", "kind", "least", "most", "needs_audit", "number", "valid_from", "ended")
    list_filter = ("community", "kind", "needs_audit")
    list_select_related = ("rule", "kind")
    search_fields = ("name", "name_en", "rule__code")
    ordering = ("rule__code", "-number")
    fields = ("community", "code", "kind", "name", "name_en", "description", "least", "most", "needs_audit",
              "needs_photo", "cap_times", "cap_points", "cap_period", "valid_from")  # fmt: skip
    actions = (ending(lambda version, by: actions.end_rule(rule=version.rule, by=by)),)

    @display(description=_("code"), ordering="rule__code")
    def code(self, version: RuleVersion) -> str:
        return version.rule.code

    @display(description=_("ended"), ordering="rule__ended_at")
    def ended(self, version: RuleVersion) -> Any:
        return version.rule.ended_at

    def _do(self, form: Any, row: Any, change: bool) -> RuleVersion:
        said = dict(form.cleaned_data)
        community = row.community if change else said.pop("community")
        return actions.publish_rule(community=community, by=form.by, **said)
