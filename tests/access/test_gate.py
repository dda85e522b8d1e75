from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from twin.access.actions import end_role, grant_role, issue_token, record, revoke_token, set_active
from twin.access.gate import fetch, visible
from twin.access.models import AuditEntry, Role
from twin.access.roles import OPENS, RoleKind
from twin.access.scopes import scope_of
from twin.access.tokens import authenticate
from twin.accounts.models import User
from twin.base.errors import Invalid, NotVisible, Unauthenticated
from twin.base.scope import NOBODY
from twin.places.actions import found_community
from twin.places.models import Building, Community, Grid


def test_rows_that_do_not_say_who_may_see_them_are_refused() -> None:
    with pytest.raises(TypeError, match="visible_to"):
        visible(User.objects.all(), to=NOBODY)


@pytest.mark.parametrize("kind", [k for k in RoleKind if k != RoleKind.STAIRWELL_HEAD])
def test_staff_see_all_shapes_of_their_community_and_residents_none(
    kind: str, in_role: Callable[..., User], west_building: Building
) -> None:
    seen = visible(Building.objects.all(), to=scope_of(in_role(kind)))
    assert list(seen) == ([west_building] if OPENS[kind].shapes else [])


def test_a_stranger_sees_nothing(stranger: User, west_building: Building) -> None:
    assert not visible(Building.objects.all(), to=scope_of(stranger)).exists()
    with pytest.raises(NotVisible):
        fetch(Building.objects.all(), to=scope_of(stranger), pk=west_building.pk)


def test_facts_are_granted_below_the_roles_place_only(
    in_role: Callable[..., User], west: Grid, east: Grid, west_building: Building, east_building: Building
) -> None:
    scope = scope_of(in_role(RoleKind.GRID_WORKER, grid=west))
    assert list(Building.objects.filter(scope.within("grid__path"))) == [west_building]
    assert scope.covers(west.path)
    assert not scope.covers(east.path)


def test_a_planner_gets_shapes_but_no_facts(in_role: Callable[..., User], west_building: Building) -> None:
    scope = scope_of(in_role(RoleKind.PLANNER))
    assert not Building.objects.filter(scope.within("grid__path")).exists()


def test_a_role_counts_from_its_start_until_its_end(
    community: Community, someone: Callable[..., User]
) -> None:
    user, now = someone(), timezone.now()
    grant_role(
        user=user, kind=RoleKind.DUTY_OFFICER, community=community,
        starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2),
    )  # fmt: skip
    assert scope_of(user, at=now).staff_of == frozenset()
    assert scope_of(user, at=now).until == now + timedelta(hours=1)
    assert scope_of(user, at=now + timedelta(hours=1)).staff_of == {community.pk}
    assert scope_of(user, at=now + timedelta(hours=2)).staff_of == frozenset()


def test_an_ended_role_and_a_disabled_user_see_nothing_at_once(officer: User, community: Community) -> None:
    set_active(user=officer, active=False)
    assert scope_of(officer) == NOBODY
    set_active(user=officer, active=True)
    end_role(role=Role.objects.get(user=officer))
    assert scope_of(officer).staff_of == frozenset()


def test_a_role_at_a_place_of_another_community_is_refused(
    community: Community, someone: Callable[..., User]
) -> None:
    other = found_community(name="另一个社区")
    with pytest.raises(Invalid, match="does not belong"):
        grant_role(user=someone(), kind=RoleKind.GRID_HEAD, community=community, grid=other.root)


def test_the_audit_can_only_be_added_to(officer: User) -> None:
    record(by=officer, action="look")
    for change in (lambda e: e.update(reason="nothing"), lambda e: e.delete()):
        with pytest.raises(IntegrityError, match="can only be added to"), transaction.atomic():
            change(AuditEntry.objects.filter(action="look"))


def test_a_token_opens_until_it_is_revoked(community: Community) -> None:
    token, secret = issue_token(community=community, kind="device", name="网关")
    kinds = frozenset({"device"})
    assert authenticate(f"Bearer {secret}", kinds=kinds) == token
    revoke_token(token=token)
    with pytest.raises(Unauthenticated, match="revoked"):
        authenticate(f"Bearer {secret}", kinds=kinds)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer twin_nonsense", "Bearer \x00"]
)
def test_a_header_without_a_known_token_is_refused(db: None, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        authenticate(header, kinds=frozenset({"device"}))


def test_a_token_of_another_kind_is_refused(community: Community) -> None:
    _, secret = issue_token(community=community, kind="device", name="网关")
    with pytest.raises(Unauthenticated, match="cannot be used here"):
        authenticate(f"Bearer {secret}", kinds=frozenset({"gis"}))
