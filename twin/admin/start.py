"""What the start page offers: the work that people come for, instead of a list of tables."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work: the page of a model where it is done, and for whom that page opens."""

    title: Promise
    what: Promise
    model: str
    page: str = "changelist"


@dataclass(frozen=True, slots=True)
class Offer:
    title: Promise
    what: Promise
    address: str


GROUPS: tuple[tuple[Promise, tuple[Task, ...]], ...] = (
    (
        _("Grids and houses"),
        (
            Task(
                _("Bring places in from a file"),
                _("Buildings, grids, compounds, streets: first a report, then all or nothing"),
                "places.importrun",
                "add",
            ),
            Task(_("Former imports"), _("What came in, what was refused and why"), "places.importrun"),
            Task(
                _("Buildings"),
                _("Footprint, floors, number; cut into units and dwellings"),
                "places.building",
            ),
            Task(
                _("Cut buildings into homes"),
                _("Of a compound, of a grid or all; goes on in the background"),
                "places.cutrun",
                "add",
            ),
            Task(_("Grids"), _("Borders, names, colours"), "places.grid"),
        ),
    ),
    (
        _("Residents"),
        (
            Task(_("Find a person"), _("Names are masked; every look is noted"), "people.person"),
            Task(
                _("Addresses that wait"),
                _("Rows of rosters whose home a clerk has to decide"),
                "people.rosteraddress",
            ),
            Task(
                _("Bring in a roster"),
                _("A spreadsheet of residents: first a report, then all or nothing"),
                "people.rosterrun",
                "add",
            ),
            Task(_("Rosters"), _("What came of the spreadsheets that were sent"), "people.rosterrun"),
            Task(_("Tags"), _("Which there are, who may be told of them, how long they hold"), "people.tag"),
            Task(
                _("Bring in a catalogue of tags"),
                _("A spreadsheet of tags and their classes: first a report, then all or nothing"),
                "people.tagcataloguerun",
                "add",
            ),
            Task(
                _("Invite a resident"),
                _("A code for the resident's page, told once"),
                "people.invitation",
                "add",
            ),
        ),
    ),
    (
        _("Civic points"),
        (
            Task(_("Claims that wait"), _("Look at the photos and decide"), "points.claim"),
            Task(_("Redemptions"), _("Hand over what was asked for in the shop"), "points.redemption"),
            Task(_("Rewards"), _("What the shop has, and how much of it"), "points.reward"),
            Task(
                _("Rules of points"),
                _("A new version counts from now on and rewrites nothing"),
                "points.ruleversion",
            ),
        ),
    ),
    (
        _("Devices and people who work here"),
        (
            Task(
                _("Devices in their places"), _("Where each belongs and when it last spoke"), "devices.device"
            ),
            Task(_("Alarms"), _("What was raised, acknowledged and closed"), "devices.alarm"),
            Task(_("Rules of alarms"), _("From which value on an alarm is raised"), "devices.alarmrule"),
            Task(_("Roles"), _("Who may see and do what, in which grid, until when"), "access.role"),
            Task(_("Audit"), _("Who looked at what, who changed what"), "access.auditentry"),
        ),
    ),
)


def offers(site: AdminSite, request: HttpRequest) -> list[tuple[Promise, list[Offer]]]:
    """The work that this viewer may do, by group; groups without any are left out."""
    groups = [
        (title, [_offer(task) for task in tasks if _is_open(site, request, task)]) for title, tasks in GROUPS
    ]
    return [(title, offered) for title, offered in groups if offered]


def _is_open(site: AdminSite, request: HttpRequest, task: Task) -> bool:
    office = site.get_model_admin(apps.get_model(task.model))
    return office.has_add_permission(request) if task.page == "add" else office.has_view_permission(request)


def _offer(task: Task) -> Offer:
    return Offer(task.title, task.what, reverse(f"admin:{task.model.replace('.', '_')}_{task.page}"))
