"""What each viewer may be told, said a second time and by hand: the code under test is not asked."""

from __future__ import annotations

from tests.leaks.markers import Mark
from tests.leaks.patrol_rules import FIELDS as OF_VISITS
from tests.leaks.patrol_rules import may_be_told_of_visits
from tests.leaks.personal import may_be_told_of_people
from tests.leaks.points_rules import may_be_told_of_points
from tests.leaks.reports import may_be_told_of_reports
from twin.access.roles import RoleKind

SHAPES = {
    "places.Community", "places.Grid", "places.Compound", "places.Entrance", "places.Street", "places.LandCover",
    "places.Building", "places.Unit", "places.Dwelling",
}  # fmt: skip
AGREED = {"devices.DeviceKind", "devices.AlarmRule"}
FACTS = {"devices.Device", "devices.Alarm"}
WHEREABOUTS = "patrol.Shift"
TRACKS = "patrol.Fix"
NAMES = {"accounts.User"}

STAFF = set(RoleKind) - {RoleKind.RESIDENT}
WHOLE_COMMUNITY = {RoleKind.WALL, RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN}
OWN_GRID = {RoleKind.GRID_HEAD, RoleKind.GRID_WORKER}
SUPERVISORS = {RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN}
FIELDS_OF_USERS = {"name"}
OWN_ADDRESS = {
    ("places.Building", "address"), ("places.Unit", "number"), ("places.Unit", "name"), ("places.Dwelling", "room"),
}  # fmt: skip
"""What a resident is told of places: where the own household lives, and the kitchen that it shares."""

OWN_COMMUNITY = {("places.Community", "name"), ("places.Community", "name_en")}
"""What the community that a resident lives in is called."""


def may_be_told(viewer: str, mark: Mark) -> bool:
    if mark.label.startswith("people."):
        return may_be_told_of_people(viewer, mark)
    if mark.label.startswith("points."):
        return may_be_told_of_points(viewer, mark)
    if mark.label.startswith("reports."):
        return may_be_told_of_reports(viewer, mark)
    if mark.label in OF_VISITS:
        return may_be_told_of_visits(viewer, mark)
    if viewer == RoleKind.RESIDENT:
        if mark.belongs == "community" and (mark.label, mark.field) in OWN_COMMUNITY:
            return True
        return mark.belongs == "home" and (mark.label, mark.field) in OWN_ADDRESS
    if mark.belongs == "other" or viewer not in STAFF:
        return False
    if mark.label in SHAPES | AGREED:
        return True
    if mark.label in FACTS:
        at_home = mark.belongs == "home"
        return viewer in WHOLE_COMMUNITY or (at_home and viewer in OWN_GRID | {RoleKind.STAIRWELL_HEAD})
    if mark.label == WHEREABOUTS:
        return viewer in WHOLE_COMMUNITY or (mark.belongs == "home" and viewer in OWN_GRID)
    if mark.label == TRACKS:
        return viewer in SUPERVISORS or (mark.belongs == "home" and viewer == RoleKind.GRID_HEAD)
    if mark.label in NAMES:
        return mark.field in FIELDS_OF_USERS or viewer == RoleKind.COMMUNITY_ADMIN
    if mark.label in {
        "places.ImportRun", "places.ImportRow", "places.AddressAlias", "places.CutRun", "places.CutRow",
    }:  # fmt: skip
        return viewer == RoleKind.COMMUNITY_ADMIN
    if mark.label == "access.AuditEntry":
        return viewer == RoleKind.AUDITOR
    return False
