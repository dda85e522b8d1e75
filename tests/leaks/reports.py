"""Reports in the world of the leak test: saved forms, and who may be told which field of a report, said by hand.

A field of a report without a line here fails, and so does a line whose field is gone.
"""

from __future__ import annotations

from dataclasses import replace

from tests.leaks.markers import Mark, Marker
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.models import Community
from twin.reports.actions import save_form
from twin.reports.asking import Asked
from twin.reports.models import ReportForm

R = RoleKind
MAKERS = {R.DUTY_OFFICER, R.COMMUNITY_ADMIN, R.GRID_HEAD, R.GRID_WORKER, R.STAIRWELL_HEAD}
RIGHTS: dict[str, set[str]] = {
    "makers": MAKERS,
    "identity": MAKERS - {R.STAIRWELL_HEAD},
    "never": set(),
}
FIELDS: dict[str, dict[str, str]] = {
    "reports.ReportForm": {
        "id": "makers", "created_at": "never", "community": "makers", "owner": "makers", "name": "makers",
        "name (private)": "never", "shared": "makers", "question": "makers", "changed_at": "makers", "ended_at": "never",
    },
}  # fmt: skip
OF_PLACES = (
    "community", "grid", "compound", "building", "unit", "floor", "room", "address", "dwelling_use", "open_alarms",
)  # fmt: skip
OF_HOUSEHOLDS = (
    "household_number", "household_kind", "head", "residence_kind", "size", "actual", "registered", "elders", "aged",
    "children", "household_tags", "dwelling_tags", "points", "band",
)  # fmt: skip
OF_PEOPLE = {
    **dict.fromkeys(
        ("name", "sex", "age", "age_band", "birth_year", "phone", "contacts", "role", "state", "tenure", "since", "tags"),
        "makers",
    ),
    "identity": "identity",
    "identity_kind": "identity",
}  # fmt: skip
REPORT_FIELDS: dict[str, dict[str, str]] = {
    "household": dict.fromkeys((*OF_PLACES, *OF_HOUSEHOLDS, "member_tags"), "makers"),
    "person": {**dict.fromkeys((*OF_PLACES, *OF_HOUSEHOLDS), "makers"), **OF_PEOPLE},
}


def save_reports(marker: Marker, community: Community, owner: User, belongs: str) -> None:
    """One that is shared and one that is not."""
    for shared in (True, False):
        asked = Asked("person", {"kind": "community"}, ("name", "identity"))
        form = save_form(
            community=community, name=f"报表{owner.pk}{shared}", asked=asked, by=owner, shared=shared
        )
        marker.mark(form, "other" if belongs == "other" else "community")
        if not shared:
            _is_private(marker, form)


def _is_private(marker: Marker, form: ReportForm) -> None:
    for text, mark in list(marker.marks.items()):
        if (mark.label, mark.pk) == ("reports.ReportForm", form.pk):
            marker.marks[text] = replace(mark, field=f"{mark.field} (private)")


def may_be_told_of_reports(viewer: str, mark: Mark) -> bool:
    return mark.belongs != "other" and viewer in RIGHTS[FIELDS[mark.label][mark.field]]
