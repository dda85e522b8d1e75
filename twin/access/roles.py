"""The roles of the field, and what each opens. One table; `scopes.py` reads it, nothing else decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from twin.base.scope import Rights


class RoleKind(models.TextChoices):
    WALL = "wall", _("big screen")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    COMMUNITY_ADMIN = "community_admin", _("community admin")
    GRID_HEAD = "grid_head", _("grid head")
    GRID_WORKER = "grid_worker", _("grid worker")
    STAIRWELL_HEAD = "stairwell_head", _("stairwell head")
    HELPER = "helper", _("helper")
    DEPARTMENT = "department", _("department")
    PLANNER = "planner", _("planner")
    AUDITOR = "auditor", _("auditor")
    RESIDENT = "resident", _("resident")


class Personal(models.TextChoices):
    """What is known of a person, as far as rights tell it apart. What is told is masked; birth is told as age and sex."""

    NAME = "name", _("name")
    BIRTH = "birth_date", _("date of birth")
    PHONE = "phone", _("phone")
    IDENTITY = "identity", _("identity number")
    CONTACT = "contact", _("emergency contact")
    REASON = "reason", _("reason of a tag")


@dataclass(frozen=True, slots=True)
class Opens:
    """`shapes`: all places of the community; `facts`: what happens below the role's place; `tag_level`: highest L1-L4;
    `people`: which personal fields are told, masked; `reveals`: which may be revealed, one at a time, with a reason;
    `gives`: up to which level tags are given, verified and ended there. L5 is given for a whole community only."""

    shapes: bool = True
    facts: bool = True
    tag_level: int = 0
    people: frozenset[str] = frozenset()
    reveals: frozenset[str] = frozenset()
    gives: int = 0


ALL_PERSONAL = frozenset(str(field) for field in Personal)
ALL_BUT_IDENTITY = ALL_PERSONAL - {Personal.IDENTITY}
CAN_BE_REVEALED = ALL_PERSONAL - {Personal.REASON}

OWN_HOUSEHOLD = Rights(people=frozenset({Personal.NAME, Personal.BIRTH, Personal.PHONE}))
"""What a resident is told of those in the same household; held by no grant, because it follows the people."""

OPENS: dict[str, Opens] = {
    RoleKind.WALL: Opens(tag_level=3, people=frozenset({Personal.NAME})),
    RoleKind.DUTY_OFFICER: Opens(tag_level=4, people=ALL_PERSONAL, reveals=CAN_BE_REVEALED),
    RoleKind.COMMUNITY_ADMIN: Opens(tag_level=4, people=ALL_PERSONAL, reveals=CAN_BE_REVEALED, gives=5),
    RoleKind.GRID_HEAD: Opens(tag_level=4, people=ALL_PERSONAL, reveals=CAN_BE_REVEALED, gives=4),
    RoleKind.GRID_WORKER: Opens(tag_level=3, people=ALL_PERSONAL, reveals=CAN_BE_REVEALED, gives=3),
    RoleKind.STAIRWELL_HEAD: Opens(
        tag_level=2, people=ALL_BUT_IDENTITY, reveals=ALL_BUT_IDENTITY & CAN_BE_REVEALED
    ),
    RoleKind.HELPER: Opens(facts=False),
    RoleKind.DEPARTMENT: Opens(facts=False),
    RoleKind.PLANNER: Opens(facts=False),
    RoleKind.AUDITOR: Opens(facts=False),
    RoleKind.RESIDENT: Opens(shapes=False, facts=False),
}

# Who may change what; a role also needs to be held at a place that contains the thing.
MAY_HANDLE_ALARMS = frozenset(
    {RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN, RoleKind.GRID_HEAD, RoleKind.GRID_WORKER}
)
MAY_EDIT_PLACES = frozenset({RoleKind.COMMUNITY_ADMIN})
MAY_MANAGE_DEVICES = frozenset({RoleKind.COMMUNITY_ADMIN})
ENTERS_BACK_OFFICE = MAY_EDIT_PLACES | {RoleKind.AUDITOR}
"""Held for a whole community."""
MAY_PATROL = frozenset({RoleKind.GRID_HEAD, RoleKind.GRID_WORKER})
MAY_VISIT = MAY_PATROL | {RoleKind.COMMUNITY_ADMIN}
MAY_MANAGE_ROLES = frozenset({RoleKind.COMMUNITY_ADMIN})
MAY_RUN_POINTS = frozenset({RoleKind.COMMUNITY_ADMIN})
MAY_PROPOSE_POINTS = frozenset(
    {RoleKind.COMMUNITY_ADMIN, RoleKind.GRID_HEAD, RoleKind.GRID_WORKER, RoleKind.STAIRWELL_HEAD}
)
MAY_SEE_LEDGERS = MAY_PROPOSE_POINTS | {RoleKind.DUTY_OFFICER}
MAY_INVITE_RESIDENTS = frozenset({RoleKind.COMMUNITY_ADMIN, RoleKind.GRID_HEAD, RoleKind.GRID_WORKER})
MAY_EDIT_PEOPLE = frozenset({RoleKind.COMMUNITY_ADMIN})
MAY_MAKE_REPORTS = frozenset(
    {
        RoleKind.DUTY_OFFICER,
        RoleKind.COMMUNITY_ADMIN,
        RoleKind.GRID_HEAD,
        RoleKind.GRID_WORKER,
        RoleKind.STAIRWELL_HEAD,
    }
)
"""Who works with people: lists of them are not for a screen on a wall."""
