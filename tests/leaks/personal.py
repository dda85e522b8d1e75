"""Who may be told what of people, field by field: role x tag level x field, said by hand.

Every field of every table of the room has a line here; a new one without a line fails. NEVER: no way out tells it as it
is. Of some the masked form is told, to those whose role has the right.
"""

from __future__ import annotations

from tests.leaks.markers import Mark
from twin.access.roles import RoleKind

R = RoleKind
WORKS_WITH_PEOPLE = {R.DUTY_OFFICER, R.COMMUNITY_ADMIN, R.GRID_HEAD, R.GRID_WORKER, R.STAIRWELL_HEAD}
RIGHTS: dict[str, set[str]] = {
    "people": WORKS_WITH_PEOPLE | {R.WALL},  # that they are there, and a masked name
    "birth": WORKS_WITH_PEOPLE,
    "phone": WORKS_WITH_PEOPLE,
    "contact": WORKS_WITH_PEOPLE,
    "reason": WORKS_WITH_PEOPLE,
    "identity": WORKS_WITH_PEOPLE - {R.STAIRWELL_HEAD},
    "invites": {R.COMMUNITY_ADMIN, R.GRID_HEAD, R.GRID_WORKER},
    "clerk": {R.COMMUNITY_ADMIN},  # in the back office
    "roster": {R.COMMUNITY_ADMIN},  # who may edit all people of the community
    "agreed": set(R) - {R.RESIDENT},  # what the community has agreed on, for all of its staff
    "never": set(),
}
LEVELS = {
    R.WALL: 3, R.DUTY_OFFICER: 4, R.COMMUNITY_ADMIN: 4, R.GRID_HEAD: 4, R.GRID_WORKER: 3, R.STAIRWELL_HEAD: 2,
}  # fmt: skip
EVERYWHERE = {R.WALL, R.DUTY_OFFICER, R.COMMUNITY_ADMIN}

_ROW = {"id": "people", "created_at": "clerk", "community": "people"}
_SOURCE = {"source": "never", "source_id": "never"}
_TAGGING = {
    **_ROW, "tag": "people", "during": "people", "source": "reason", "reason": "reason", "given_by": "never",
    "verified_by": "people", "verified_at": "people", "ended_by": "never", "ended_why": "clerk",
}  # fmt: skip
_AGREED = {
    "id": "agreed",
    "created_at": "never",
    "community": "agreed",
    "ended_at": "never",
    "position": "agreed",
}

FIELDS: dict[str, dict[str, str]] = {
    "people.Person": {
        **_ROW, **_SOURCE, "name": "never", "name (masked)": "people", "name_words": "never", "sex": "birth",
        "birth_date": "never", "identity_kind": "identity", "identity_sealed": "never", "identity_index": "never",
        "phone_sealed": "never", "phone_index": "never", "phone_last4_index": "never", "phone (masked)": "phone",
        "user": "clerk", "ended_at": "people", "ended_why": "people",
    },
    "people.EmergencyContact": {
        **_ROW, "person": "contact", "name": "never", "name (masked)": "contact", "relation": "contact",
        "phone_sealed": "never", "phone (masked)": "contact", "ended_at": "never",
    },
    "people.Household": {
        **_ROW, **_SOURCE, "dwelling": "people", "number": "people", "kind": "people", "ended_at": "never",
    },
    "people.Residence": {
        **_ROW, "person": "people", "dwelling": "people", "household": "people", "basis": "people", "tenure": "people",
        "role": "people", "during": "people", "source": "never",
    },
    "people.SpaceShare": {**_ROW, "space": "people", "household": "people", "during": "people"},
    "people.Organisation": {
        **_ROW, **_SOURCE, "dwelling": "people", "unit": "people", "building": "people", "name": "people", "kind": "people",
        "contact_name": "never", "contact_name (masked)": "people", "phone_sealed": "never", "phone (masked)": "phone",
        "ended_at": "never",
    },
    "people.Invitation": {
        "id": "invites", "created_at": "invites", "community": "clerk", "household": "invites", "person": "invites",
        "code_index": "never", "link_index": "never", "issued_by": "never",
        "expires_at": "invites", "used_at": "invites", "revoked_at": "invites",
    },
    "people.CarePair": {**_ROW, "helper": "people", "cared_for": "people", "during": "people"},
    "people.TagClass": {
        **_AGREED, "parent": "agreed", "code": "agreed", "name": "agreed", "name_en": "agreed", "colour": "agreed",
    },
    "people.Tag": {
        **_AGREED, "tag_class": "agreed", "code": "agreed", "name": "agreed", "name_en": "agreed", "level": "agreed",
        "applies_to": "agreed", "colour": "agreed", "pattern": "agreed", "symbol": "agreed", "purpose": "agreed",
        "basis": "agreed", "lasts_days": "agreed",
    },
    "people.PersonTag": {**_TAGGING, "person": "people"},
    "people.HouseholdTag": {**_TAGGING, "household": "people"},
    "people.DwellingTag": {**_TAGGING, "dwelling": "people"},
    "people.PrivacyRule": {
        "id": "clerk", "created_at": "never", "community": "clerk", "views_before_notice": "clerk",
        "views_within": "clerk", "digit_searches_per_minute": "clerk",
    },
    "people.RosterRun": {
        "id": "roster", "created_at": "roster", "by": "roster", "file_name": "roster", "sha256": "never",
        "source": "roster", "options": "never", "state": "roster", "report": "roster", "error": "roster",
        "step": "roster", "done": "roster", "total": "roster", "applied_at": "roster", "community": "roster",
        "file_sealed": "never",  # it goes back to whoever sent it, and to nobody else
    },
    "people.TagCatalogueRun": {
        "id": "roster", "created_at": "roster", "by": "roster", "file_name": "roster", "sha256": "never",
        "source": "never", "options": "never", "state": "roster", "report": "roster", "error": "roster", "step": "never",
        "done": "never", "total": "never", "applied_at": "roster", "community": "roster", "file": "never",
    },
    "people.TagCatalogueRow": {
        "id": "never", "run": "roster", "sheet": "roster", "number": "roster", "kind": "roster", "code": "roster",
        "name": "roster", "verdict": "roster", "about_id": "roster", "changes": "roster", "notes": "roster",
    },
    "people.RosterAddress": {
        "id": "roster", "run": "roster", "text": "roster", "compound": "never", "reasons": "roster", "confidence": "roster",
        "candidates": "roster", "state": "roster", "dwelling": "roster", "alias": "never", "decided_by": "roster",
        "decided_at": "roster",
    },
    "people.RosterRow": {
        "id": "never", "run": "roster", "sheet": "roster", "number": "roster", "group": "never", "verdict": "roster",
        "address": "roster", "person_id": "roster", "household_id": "roster", "dwelling_id": "roster", "changes": "never",
        "changes (masked)": "roster", "notes": "roster", "said_sealed": "never",
    },
}  # fmt: skip
RESIDENT_IS_TOLD = {
    "people.Person": {"name (masked)", "phone (masked)"},
    "people.Household": {"number"},
}
"""Of the own household, and by name of the neighbour who looks after somebody in it."""
NEVER_EVEN_PLANTED = {"identity", "phone", "birth_date"}


def may_be_told_of_people(viewer: str, mark: Mark) -> bool:
    if mark.belongs == "other" or mark.field in NEVER_EVEN_PLANTED:
        return False
    if viewer == RoleKind.RESIDENT:
        return mark.belongs == "home" and mark.field in RESIDENT_IS_TOLD.get(mark.label, ())
    right = FIELDS[mark.label][mark.field]
    if viewer not in RIGHTS[right] or mark.level > LEVELS.get(RoleKind(viewer), 0):
        return False
    return right == "agreed" or mark.belongs == "home" or viewer in EVERYWHERE
