"""Fixtures for all rooms: a community drawn small enough to reason about, and people with roles in it.

The community lies on open sea. Two square grids side by side, west and east, each with one building of two units:

    122.600            122.602            122.604
       +------ west ------+------ east ------+  31.052
       |    [building]    |    [building]    |
       +------------------+------------------+  31.050
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, MultiPolygon, Polygon
from django.core.cache import cache
from django.db import connection
from django.utils import timezone, translation

from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.actions import add_building, draw_grid, found_community
from twin.places.models import Building, Community, Grid

pytest_plugins = ["tests.sample_data_report"]

ROOT = Path(__file__).resolve().parents[1]
NEVER_EMPTIED = {
    "access_auditentry": "audit_is_not_emptied",
    "points_entry": "ledger_is_not_emptied",
    "points_ruleversion": "rule_history_is_not_emptied",
}
SAMPLE_DATA = Path(os.environ.get("TWIN_SAMPLE_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit empty all tables afterwards, which the triggers of tables that only grow rightly refuse."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table, trigger in NEVER_EMPTIED.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """A rectangle in degrees."""
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)


def line(*points: tuple[float, float]) -> MultiLineString:
    """A line through points in degrees."""
    return MultiLineString(LineString(points), srid=4326)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rows are rolled back after a test and their ids come again; what was cached of them must not. Tests that run
    beside this one have a database, and so a prefix, of their own."""
    cache.key_prefix = f"{connection.settings_dict['NAME']}:{uuid4()}"


@pytest.fixture(autouse=True)
def language_and_clock_of_the_project() -> None:
    """A request leaves its language and time zone in this thread; the next test speaks as if there had been none."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def no_scan_of_static_files(settings: Any) -> None:
    """Every test client would list all static files first; let them be looked up when they are asked for."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing a password is slow on purpose; no test is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def community(db: None) -> Community:
    return found_community(
        name="海棠湾社区", name_en="Haitang Bay", boundary=box(122.600, 31.050, 122.604, 31.052)
    )


@pytest.fixture
def root(community: Community) -> Grid:
    return community.root


@pytest.fixture
def west(community: Community, root: Grid) -> Grid:
    return draw_grid(
        community=community, parent=root, name="第1网格", geometry=box(122.600, 31.050, 122.602, 31.052)
    )


@pytest.fixture
def east(community: Community, root: Grid) -> Grid:
    return draw_grid(
        community=community, parent=root, name="第2网格", geometry=box(122.602, 31.050, 122.604, 31.052)
    )


def a_building(community: Community, west_edge: float, **fields: Any) -> Building:
    """About 38 m by 11 m, six floors."""
    known = {"height_m": 17.4, "floors_above": 6, "units_stated": 2, "flats_per_floor": 2, "name": "1号楼"}
    footprint = box(west_edge, 31.0510, west_edge + 0.0004, 31.0511)
    return add_building(community=community, footprint=footprint, **{**known, **fields})


@pytest.fixture
def west_building(community: Community, west: Grid) -> Building:
    return a_building(community, 122.6008, name="西楼", number="1号楼", address="海棠路100弄1号楼")


@pytest.fixture
def east_building(community: Community, east: Grid) -> Building:
    return a_building(community, 122.6028, name="东楼", number="2号楼", address="海棠路100弄2号楼")


@pytest.fixture
def someone(db: None) -> Callable[..., User]:
    """Somebody who can sign in, and has no role yet."""

    def make(name: str = "某人") -> User:
        return User.objects.create_user(
            username=f"user{User.objects.count() + 1}", password="long enough 1", name=name
        )

    return make


@pytest.fixture
def in_role(community: Community, someone: Callable[..., User]) -> Callable[..., User]:
    """A new user in a role at a place of the community."""

    def make(kind: str, **place: Any) -> User:
        user = someone(str(RoleKind(kind).label))
        grant_role(user=user, kind=kind, community=community, **place)
        return user

    return make


@pytest.fixture
def officer(in_role: Callable[..., User]) -> User:
    return in_role(RoleKind.DUTY_OFFICER)


@pytest.fixture
def stranger(someone: Callable[..., User]) -> User:
    return someone("路人")


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The folder of real sample data. Absent is a skip; a missing file inside it is a failure of its own test."""
    if not SAMPLE_DATA.is_dir():
        pytest.skip(f"no sample data at {SAMPLE_DATA}; set TWIN_SAMPLE_DATA")
    return SAMPLE_DATA
