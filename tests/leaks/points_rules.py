"""Who may be told what of points, field by field, said by hand. A new field without a line here fails.

`deed` and `breach` tell apart what a claim is about, `award` and `other` what a line is: an award that stands speaks for a
household and may be known to who works below its home; everything else is between it and those who run the points.
"""

from __future__ import annotations

from tests.leaks.markers import Mark
from twin.access.roles import RoleKind

R = RoleKind
EVERYONE = set(R)
LEDGER = {R.COMMUNITY_ADMIN, R.AUDITOR}
FIELD = {R.DUTY_OFFICER, R.GRID_HEAD, R.GRID_WORKER, R.STAIRWELL_HEAD}
EVERYWHERE = LEDGER | {R.DUTY_OFFICER}

# Who is told, and whether of the own place only: residents of their household, field staff of theirs.
RIGHTS: dict[str, set[str]] = {
    "members": EVERYONE,  # agreed on, or on the board in the stairwell: for staff and residents alike
    "award": LEDGER | FIELD | {R.RESIDENT},
    "ledger": LEDGER | {R.RESIDENT},
    "breach": LEDGER | {R.GRID_WORKER},  # the worker who reported it
    "band": LEDGER | FIELD | {R.WALL, R.RESIDENT},
    "office": LEDGER,  # pages of the back office
    "never": set(),
}
_AGREED = {"id": "members", "community": "members", "created_at": "never", "ended_at": "members"}
_NAMED = {"code": "members", "name": "members", "name_en": "members"}

FIELDS: dict[str, dict[str, str]] = {
    "points.Scheme": {
        "id": "never", "created_at": "never", "community": "members", "month_board": "members", "year_board": "members",
        "claim_days": "members", "photo_days": "members",
    },
    "points.Band": {**_AGREED, **_NAMED, "colour": "members", "least": "members"},
    "points.RuleClass": {**_AGREED, **_NAMED},
    "points.Rule": {**_AGREED, "code": "members"},
    "points.RuleVersion": {
        "id": "members", "created_at": "never", "community": "members", "rule": "members", "number": "members",
        "valid_from": "members", "kind": "members", "name": "members", "name_en": "members", "description": "members",
        "least": "members", "most": "members", "needs_audit": "members", "needs_photo": "members", "cap_times": "members",
        "cap_points": "members", "cap_period": "members", "published_by": "office",
    },
    "points.Account": {
        "id": "never", "household": "band", "community": "band", "balance": "award", "entry_count": "never",
    },
    "points.Entry": {
        "id": "award", "community": "award", "household": "award", "person": "never", "kind": "award", "version": "award",
        "points": "award", "happened_at": "award", "happened_at (award)": "award", "happened_at (other)": "ledger",
        "evidence": "ledger", "auditor": "office", "claim": "never", "reverses": "ledger", "number": "office",
        "balance_after": "office", "written_at": "award",
    },
    "points.Claim": {
        "id": "ledger", "created_at": "ledger", "community": "ledger", "household": "ledger", "person": "never",
        "version": "ledger", "happened_at": "ledger", "happened_at (deed)": "ledger", "happened_at (breach)": "breach",
        "note": "ledger", "note (deed)": "ledger", "note (breach)": "breach", "filed_by": "office", "state": "ledger",
        "reason": "ledger", "reason (deed)": "ledger", "reason (breach)": "breach", "decided_by": "office",
        "decided_at": "ledger",
    },
    "points.ClaimPhoto": {
        "id": "ledger", "created_at": "never", "claim": "ledger", "file": "never", "received_sha256": "never",
        "width": "ledger", "height": "ledger", "forgotten_at": "never",
    },
    "points.Reward": {**_AGREED, **_NAMED, "price": "members", "stock": "members"},
    "points.Redemption": {
        "id": "ledger", "created_at": "ledger", "community": "ledger", "household": "ledger", "reward": "ledger",
        "quantity": "ledger", "price": "ledger", "entry": "never", "asked_by": "office", "handed_over_at": "ledger",
        "handed_over_by": "office", "cancelled_at": "ledger",
    },
    "points.FamilyVote": {
        "id": "members", "created_at": "never", "community": "members", "title": "members", "opens_at": "members",
        "closes_at": "members", "counts_from": "members", "counts_until": "members", "vote_weight": "members",
        "choices": "members", "places": "members", "closed_at": "members",
    },
    "points.Candidate": {
        "id": "members", "created_at": "never", "vote": "members", "household": "never", "story": "members",
        "votes": "members", "points": "members", "score": "members", "place": "members",
    },
    "points.Turnout": {"id": "never", "created_at": "never", "vote": "never", "person": "never", "votes": "never"},
    "points.Board": {"called": "members"},
}  # fmt: skip


def may_be_told_of_points(viewer: str, mark: Mark) -> bool:
    right = FIELDS[mark.label][mark.field]
    if mark.belongs == "other" or viewer not in RIGHTS[right]:
        return False
    return right == "members" or mark.belongs == "home" or viewer in EVERYWHERE
