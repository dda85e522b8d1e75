"""What happens to points, told by ids. `household_id` says whose windows may look different now."""

from __future__ import annotations

from dataclasses import dataclass

from twin.base.events import Event

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RulePublished(Event):
    """A rule has a new version, which may be its first."""

    rule_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class RuleEnded(Event):
    rule_id: int


@dataclass(frozen=True, slots=True)
class StarterRulesPublished(Event):
    """A community began its points: classes, rules, bands and rewards."""

    rule_ids: Ids


@dataclass(frozen=True, slots=True)
class BandsAgreed(Event):
    band_ids: Ids


@dataclass(frozen=True, slots=True)
class SchemeChanged(Event):
    scheme_id: int


@dataclass(frozen=True, slots=True)
class PointsAwarded(Event):
    entry_id: int
    household_id: int


@dataclass(frozen=True, slots=True)
class BreachRecorded(Event):
    entry_id: int
    household_id: int


@dataclass(frozen=True, slots=True)
class PointsEntered(Event):
    """Many entries at once: a register that was brought over."""

    household_ids: Ids


@dataclass(frozen=True, slots=True)
class EntryReversed(Event):
    entry_id: int
    reversal_id: int
    household_id: int


@dataclass(frozen=True, slots=True)
class ClaimFiled(Event):
    """`entry_id` if the rule needs no audit: then the points are there already."""

    claim_id: int
    household_id: int
    entry_id: int | None


@dataclass(frozen=True, slots=True)
class ClaimAudited(Event):
    """`entry_id` if it was accepted."""

    claim_id: int
    household_id: int
    entry_id: int | None


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn(Event):
    claim_id: int
    household_id: int


@dataclass(frozen=True, slots=True)
class PhotosForgotten(Event):
    photo_ids: Ids


@dataclass(frozen=True, slots=True)
class RewardAdded(Event):
    reward_id: int


@dataclass(frozen=True, slots=True)
class RewardChanged(Event):
    """Its name, its price, or that it is to be had at all."""

    reward_id: int


@dataclass(frozen=True, slots=True)
class RewardRestocked(Event):
    reward_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class RewardRedeemed(Event):
    redemption_id: int
    entry_id: int
    household_id: int


@dataclass(frozen=True, slots=True)
class RedemptionCancelled(Event):
    redemption_id: int
    refund_id: int
    household_id: int


@dataclass(frozen=True, slots=True)
class RewardHandedOver(Event):
    redemption_id: int


@dataclass(frozen=True, slots=True)
class VoteOpened(Event):
    vote_id: int


@dataclass(frozen=True, slots=True)
class FamiliesNominated(Event):
    vote_id: int
    household_ids: Ids


@dataclass(frozen=True, slots=True)
class VoteCast(Event):
    """Somebody has voted; who, and for whom, is nobody's business."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class VoteCounted(Event):
    vote_id: int
