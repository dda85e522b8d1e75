"""The rewards shop and the votes in the back office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from twin.admin.points_office import PointsAdmin, WrittenOnceAdmin, doing
from twin.admin.rooms import ending, entered_at
from twin.admin.site import site
from twin.points import actions
from twin.points.models import Redemption, Reward

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm


class RewardForm(AnyModelForm):
    more = forms.IntegerField(
        label=_("put on the shelf"), required=False, help_text=_("So many more; below zero: so many less")
    )

    class Meta:
        model = Reward
        fields = ("community", "code", "name", "name_en", "price", "stock")


@register(Reward, site=site)
class RewardAdmin(PointsAdmin):
    form = RewardForm
    list_display = ("name", "name_en", "code", "price", "stock")
    actions = (ending(lambda reward, by: actions.end_reward(reward=reward, by=by)),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(ended_at=None)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A new reward has its stock; of one that is there, more is put on the shelf."""
        return ("community", "code", "name", "name_en", "price", "stock", *(("more",) if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community", "code", "stock") if obj else ()

    def _do(self, form: Any, row: Any, change: bool) -> Reward:
        said = dict(form.cleaned_data)
        more = said.pop("more", None)
        if not change:
            return actions.add_reward(**said, by=form.by)
        changed = {name: said[name] for name in form.changed_data if name in {"name", "name_en", "price"}}
        reward: Reward = actions.change_reward(reward=row, by=form.by, **changed) if changed else row
        return actions.restock(reward=reward, quantity=more, by=form.by) if more else reward


@register(Redemption, site=site)
class RedemptionAdmin(WrittenOnceAdmin):
    """What was redeemed. Handed over at the counter; what is taken back is reversed in the ledger."""

    list_display = (
        "__str__",
        "whose",
        "reward",
        "quantity",
        "price",
        entered_at,
        "handed_over_at",
        "cancelled_at",
    )
    list_filter = ("community", "reward")
    list_select_related = ("reward",)
    ordering = ("-id",)
    actions = (
        doing(
            "hand_over",
            _("The chosen ones have been handed over"),
            lambda row, by: actions.hand_over(redemption=row, by=by),
        ),
        doing(
            "cancel",
            _("Cancel the chosen ones: points and goods return"),
            lambda row, by: actions.cancel_redemption(redemption=row, by=by),
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
