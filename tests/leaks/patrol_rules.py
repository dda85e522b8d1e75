"""Who may be told what of visits, field by field, said by hand. A new field without a line here fails."""

from __future__ import annotations

from tests.leaks.markers import Mark
from tests.leaks.personal import EVERYWHERE, RIGHTS

FIELDS: dict[str, dict[str, str]] = {
    "patrol.Visit": {
        "id": "people", "created_at": "never", "community": "people", "dwelling": "people", "household": "people",
        "worker": "people", "visited_at": "people", "outcome": "people", "service": "people", "note": "reason",
        "note (withdrawn)": "clerk",
        "withdrawn_at": "clerk", "withdrawn_by": "clerk", "withdrawn_why": "clerk",
    },
}  # fmt: skip


def may_be_told_of_visits(viewer: str, mark: Mark) -> bool:
    right = FIELDS[mark.label][mark.field]
    if mark.belongs == "other" or viewer not in RIGHTS[right]:
        return False
    return mark.belongs == "home" or viewer in EVERYWHERE
