"""The civic-points ledger: rules and their versions, accounts and entries, claims, rewards, votes."""

from twin.points.models.claim import Claim, ClaimPhoto
from twin.points.models.ledger import Account, Entry
from twin.points.models.reward import Redemption, Reward
from twin.points.models.rule import Rule, RuleClass, RuleVersion
from twin.points.models.scheme import Band, Scheme
from twin.points.models.vote import Candidate, FamilyVote, Turnout

__all__ = [
    "Account",
    "Band",
    "Candidate",
    "Claim",
    "ClaimPhoto",
    "Entry",
    "FamilyVote",
    "Redemption",
    "Reward",
    "Rule",
    "RuleClass",
    "RuleVersion",
    "Scheme",
    "Turnout",
]
