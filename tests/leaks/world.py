"""Two grids of one community, and another community, alike in everything: what is true of one could leak from the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.contrib.gis.geos import Point
from django.db.models import Model
from django.utils import timezone

from tests.conftest import a_building, box, line
from tests.devices.homes import a_kind
from tests.leaks.markers import Marker
from tests.leaks.people import agree, move_in
from tests.leaks.points import agree_on_points, hold_a_vote, live_a_year
from tests.leaks.reports import save_reports
from twin.access.actions import grant_role, issue_token, record
from twin.access.models import AuditEntry, Role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.devices.actions import install_device, raise_alarm
from twin.devices.models import Alarm, AlarmRule, Device, DeviceKind
from twin.patrol.actions import NewVisit, record_fixes, record_visits, start_shift, withdraw_visit
from twin.patrol.arrival import Fixes
from twin.patrol.models import Shift, Visit
from twin.people.actions import enter_by_invitation, invite_resident
from twin.people.actions.looking import NOTICE
from twin.people.models import Household, Person
from twin.places import actions as places
from twin.places.addresses.deciding import Lesson
from twin.places.models import (
    AddressAlias,
    Building,
    Community,
    Compound,
    CutRow,
    CutRun,
    Dwelling,
    Entrance,
    Grid,
    ImportRow,
    ImportRun,
    LandCover,
    Street,
    Unit,
)

OF_A_GRID = ("home", "away")


@dataclass
class World:
    marker: Marker = field(default_factory=Marker)
    grids: dict[str, Grid] = field(default_factory=dict)
    viewers: dict[str, User | None] = field(default_factory=dict)
    heads: dict[str, Person] = field(default_factory=dict)
    """Heads of the planted households, by the grid they live in."""
    serial: int = 0

    def user(self, name: str) -> User:
        self.serial += 1
        return User.objects.create_user(username=f"leak{self.serial}", password="long enough 1", name=name)


def build_world() -> World:
    world = World()
    _community(world, "社区甲", 122.600, ("home", "away"))
    _community(world, "社区乙", 122.620, ("other",))
    _viewers(world)
    _points(world)
    _visits(world)
    _mark(world)
    _mark_withdrawn(world)
    _notices()
    return world


def _notices() -> None:
    """That every worker has looked at many. After the marking: how many they were is a number, and stays one."""
    for shift in Shift.objects.select_related("worker", "community"):
        record(by=shift.worker, action=NOTICE, community=shift.community, detail={"views": 99})


def _community(world: World, name: str, west: float, grids: tuple[str, ...]) -> None:
    community = places.found_community(name=name, boundary=box(west, 31.050, west + 0.004, 31.052))
    agree(world.marker, community, "other" if grids == ("other",) else "community")
    for n, belongs in enumerate(grids):
        edge = west + 0.002 * n
        grid = places.draw_grid(
            community=community, parent=community.root, name=f"{name}{belongs}",
            geometry=box(edge, 31.050, edge + 0.002, 31.052),
        )  # fmt: skip
        world.grids[belongs] = grid
        _places(community, edge)
        _happenings(world, community, grid, edge, belongs)
        world.heads[belongs] = move_in(world.marker, community, grid, belongs)


def _places(community: Community, edge: float) -> None:
    compound = places.add_compound(
        community=community, name=f"小区{edge}", geometry=box(edge + 0.0002, 31.0503, edge + 0.0018, 31.0518)
    )
    places.add_entrance(compound=compound, position=Point(edge + 0.001, 31.0503, srid=4326), name="门")
    building = a_building(community, edge + 0.0008, compound=compound, number="1号楼", address="路1号")
    places.cut_building(building=building)
    places.add_street(community=community, geometry=line((edge, 31.0502), (edge + 0.002, 31.0502)), name="路")
    park = box(edge + 0.0002, 31.0512, edge + 0.0006, 31.0517)
    places.add_land_cover(community=community, kind="park", geometry=park, name="园")


def _happenings(world: World, community: Community, grid: Grid, edge: float, belongs: str) -> None:
    kind = a_kind(community, "smoke")
    dwelling = Dwelling.objects.filter(building__grid=grid, floor=3).order_by("id").first()
    assert dwelling is not None
    device = install_device(
        community=community, kind=kind, external_id=f"smoke-{grid.pk}", home=dwelling, name="烟感"
    )
    raise_alarm(device=device, rule=AlarmRule.objects.get(kind=kind, code="alarm"), at=timezone.now())
    worker = world.user("网格员")
    grant_role(user=worker, kind=RoleKind.GRID_WORKER, community=community, grid=grid)
    save_reports(world.marker, community, worker, belongs)
    shift = start_shift(worker=worker, grid=grid, at=timezone.now() - timedelta(minutes=5))
    walked_on = world.marker.latitude("patrol.Fix", shift.pk, "position", belongs)
    record_fixes(worker=worker, fixes=_fixes(edge, walked_on), shift_id=shift.pk)
    issue_token(community=community, kind="device", name="网关")
    _import(community, worker, edge)
    named = Lesson("name", "老楼", building_id=dwelling.building_id)
    places.learn_alias(community=community, lesson=named, source="花名册")
    record(by=worker, action="look", community=community, subject=device, reason="因为", detail={"why": "x"})
    record(
        by=worker,
        action="reveal",
        community=community,
        subject=device,
        reason="因为",
        detail={"field": "phone"},
    )


def _import(community: Community, by: User, edge: float) -> None:
    """One that was checked, with a row that is refused."""
    counts = {"create": 0, "refuse": 1}
    run = ImportRun.objects.create(
        community=community, kind="buildings", file_name="楼.geojson", source="测绘", by=by, state="checked",
        report={"counts": counts, "reasons": {"no_geometry": 1}, "row_notes": {"no_geometry": 1}, "notes": []},
    )  # fmt: skip
    footprint = box(edge + 0.0003, 31.0505, edge + 0.0005, 31.0507)
    ImportRow.objects.create(
        run=run, number=1, source_id="甲", verdict="refuse", notes=[{"code": "no_geometry"}], shape=footprint
    )
    cutting = CutRun.objects.create(community=community, what="全部", by=by)
    why = {"sentence": "%(building)s does not exist any longer.", "values": {"building": "甲"}}
    building = Building.objects.filter(community=community).order_by("pk")[0]
    CutRow.objects.create(run=cutting, building=building, outcome="refused", why=why)


def _fixes(edge: float, latitude: float) -> Fixes:
    """A walk due east along a marked latitude."""
    now = timezone.now().timestamp()
    n = 5
    return Fixes(
        seq=np.arange(n), at_us=((now - 60 + np.arange(n) * 5) * 1e6).astype(np.int64),
        lon=edge + 0.0005 + np.arange(n) * 1e-5, lat=np.full(n, latitude), accuracy_m=np.full(n, 5.0),
        speed_m_s=np.full(n, 1.0), mocked=np.zeros(n, dtype=bool),
    )  # fmt: skip


def _viewers(world: World) -> None:
    """One viewer of every role at home: the home grid where the role is a grid's, else the community."""
    home = world.grids["home"]
    at_grid = {RoleKind.GRID_HEAD, RoleKind.GRID_WORKER, RoleKind.HELPER}
    unit = Unit.objects.filter(building__grid=home).order_by("number").first()
    world.viewers = {"nobody": None, "stranger": world.user("路人")}
    for kind in (kind for kind in RoleKind if kind != RoleKind.RESIDENT):
        place: dict[str, Any] = {"grid": home} if kind in at_grid else {}
        if kind == RoleKind.STAIRWELL_HEAD:
            place = {"unit": unit}
        user = world.user(str(kind))
        grant_role(user=user, kind=kind, community=home.community, **place)
        world.viewers[kind] = user
    world.viewers[RoleKind.RESIDENT] = _invited(world)


def _invited(world: World) -> User:
    """Somebody of each household is invited; who lives in the home grid comes in, and is a resident and nothing else."""
    codes = {}
    for belongs, head in world.heads.items():
        household = Household.objects.get(residences__person=head, residences__basis="actual")
        codes[belongs] = invite_resident(household=household, person=head, by=None).code
    return enter_by_invitation(code=codes["home"])


def _points(world: World) -> None:
    """A year of points in each household, and a vote between those of one community."""
    homes = defaultdict(list)
    for belongs, grid in world.grids.items():
        shared = "other" if belongs == "other" else "community"
        if not homes[shared]:
            agree_on_points(world.marker, grid.community, shared)
        worker = world.viewers[RoleKind.GRID_WORKER] if belongs == "home" else world.user("网格员")
        assert worker is not None
        if belongs != "home":
            grant_role(user=worker, kind=RoleKind.GRID_WORKER, community=grid.community, grid=grid)
        head = Person.objects.get(pk=world.heads[belongs].pk)
        homes[shared].append(live_a_year(world.marker, head, worker, belongs))
    for shared, households in homes.items():
        hold_a_vote(world.marker, households, shared)


def _visits(world: World) -> None:
    """A call on each household, and one on its door that was withdrawn."""
    for belongs, head in world.heads.items():
        home = head.residences.exclude(household=None).select_related("dwelling__building").first()
        assert home is not None
        worker = Role.objects.filter(grid=home.dwelling.building.grid_id, kind=RoleKind.GRID_WORKER).earliest(
            "pk"
        )
        calls = [
            NewVisit(home.dwelling_id, worker.user_id, timezone.now(), "met", household_id=whose)
            for whose in (home.household_id, None)
        ]
        *_, wrong = record_visits(community=head.community, visits=calls)
        why = world.marker.word("patrol.Visit", wrong.pk, "withdrawn_why", belongs)
        withdraw_visit(visit=wrong, by=worker.user, reason=why)


def _mark_withdrawn(world: World) -> None:
    """The note of a visit that was withdrawn is for fewer eyes than others are."""
    withdrawn = set(Visit.objects.exclude(withdrawn_at=None).values_list("pk", flat=True))
    for text, mark in list(world.marker.marks.items()):
        if mark.label == "patrol.Visit" and mark.field == "note" and mark.pk in withdrawn:
            world.marker.marks[text] = replace(mark, field="note (withdrawn)")


GRID_OF: dict[type[Model], Callable[[Any], int | None]] = {
    Grid: lambda row: row.pk,
    Building: lambda row: row.grid_id,
    Unit: lambda row: row.building.grid_id,
    Dwelling: lambda row: row.building.grid_id,
    Device: lambda row: row.grid_id,
    Alarm: lambda row: row.grid_id,
    Shift: lambda row: row.grid_id,
    Visit: lambda row: row.dwelling.building.grid_id,
}
SHARED = (
    AddressAlias,
    Community,
    Compound,
    Entrance,
    Street,
    LandCover,
    DeviceKind,
    AlarmRule,
    Role,
    AuditEntry,
    ImportRun,
    CutRun,
)


def _mark(world: World) -> None:
    """Every free field of every row that can be told to belong somewhere."""
    names = {grid.pk: belongs for belongs, grid in world.grids.items()}
    ours = world.grids["home"].community_id
    for model, grid_of in GRID_OF.items():
        for row in model._base_manager.all():
            community_id = row.community_id
            shared = "community" if community_id == ours else "other"
            world.marker.mark(row, names.get(grid_of(row) or 0, shared))
    for model in SHARED:
        for row in model._base_manager.all():
            community_id = row.pk if model is Community else row.community_id
            if community_id is not None:
                world.marker.mark(row, "community" if community_id == ours else "other")
    for row in ImportRow.objects.select_related("run"):
        world.marker.mark(row, "community" if row.run.community_id == ours else "other")
    for user in User.objects.exclude(pk__in=[v.pk for v in world.viewers.values() if v]):
        communities = set(user.roles.values_list("community", flat=True))
        world.marker.mark(user, "community" if ours in communities else "other")
