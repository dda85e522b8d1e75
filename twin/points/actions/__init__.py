"""The verbs of the room: the only code that writes rules, entries, claims, rewards and votes."""

from twin.points.actions.awarding import award, record_breach, reverse_entry
from twin.points.actions.bulk import NewEntry, enter_many
from twin.points.actions.claims import audit_claim, file_claim, withdraw_claim
from twin.points.actions.forgetting import forget_photos
from twin.points.actions.rewards import (
    add_reward,
    cancel_redemption,
    change_reward,
    end_reward,
    hand_over,
    redeem,
    restock,
)
from twin.points.actions.rules import add_rule_class, end_rule, publish_rule, publish_starter_rules
from twin.points.actions.scheme import NewBand, agree_on_bands, change_scheme, scheme_of
from twin.points.actions.votes import cast_vote, count_vote, nominate, open_vote

__all__ = [
    "NewBand",
    "NewEntry",
    "add_reward",
    "add_rule_class",
    "agree_on_bands",
    "audit_claim",
    "award",
    "cancel_redemption",
    "cast_vote",
    "change_reward",
    "change_scheme",
    "count_vote",
    "end_reward",
    "end_rule",
    "enter_many",
    "file_claim",
    "forget_photos",
    "hand_over",
    "nominate",
    "open_vote",
    "publish_rule",
    "publish_starter_rules",
    "record_breach",
    "redeem",
    "restock",
    "reverse_entry",
    "scheme_of",
    "withdraw_claim",
]
