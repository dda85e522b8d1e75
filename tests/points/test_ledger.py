from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.conftest import box
from tests.points.homes import MAY, a_resident, a_rule, balance, ledger, person_of
from twin.access.actions import grant_role
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import Event
from twin.people.actions import end_household
from twin.people.models import Household
from twin.places.actions import found_community
from twin.points.actions import award, record_breach, redeem, reverse_entry
from twin.points.events import BreachRecorded, EntryReversed, PointsAwarded
from twin.points.models import Account, Entry, Reward, Rule


def test_an_award_is_one_line_and_moves_the_balance(
    household: Household, clean_up: Rule, clerk: User, told: list[Event]
) -> None:
    entry = award(
        household=household, rule=clean_up, by=clerk, evidence="5 月 14 日  清洁日", happened_at=MAY
    )
    assert (entry.kind, entry.points, entry.number, entry.balance_after) == ("award", 2, 1, 2)
    assert (entry.auditor, entry.evidence, entry.happened_at) == (clerk, "5 月 14 日 清洁日", MAY)
    assert balance(household) == 2
    assert told == [
        PointsAwarded(community_id=household.community_id, entry_id=entry.pk, household_id=household.pk)
    ]


def test_a_breach_takes_points_and_may_leave_a_debt(
    household: Household, clean_up: Rule, ebike: Rule, clerk: User, told: list[Event]
) -> None:
    award(household=household, rule=clean_up, by=clerk)
    entry = record_breach(household=household, rule=ebike, by=clerk)
    assert (entry.kind, entry.points, entry.number, entry.balance_after) == ("breach", -5, 2, -3)
    assert told[-1:] == [
        BreachRecorded(community_id=household.community_id, entry_id=entry.pk, household_id=household.pk)
    ]


@pytest.mark.parametrize("points", [None, 2, 161, -3])
def test_a_range_needs_points_within_it(household: Household, merit: Rule, points: int | None) -> None:
    with pytest.raises(Invalid) as refusal:
        award(household=household, rule=merit, by=None, points=points)
    assert refusal.value.where == "points"
    assert not Entry.objects.exists()


def test_a_range_gives_what_the_auditor_decides(household: Household, merit: Rule) -> None:
    assert award(household=household, rule=merit, by=None, points=160).points == 160


def test_a_fixed_rule_gives_no_other_points(household: Household, clean_up: Rule) -> None:
    with pytest.raises(Invalid, match="2 to 2"):
        award(household=household, rule=clean_up, by=None, points=3)


def test_a_breach_is_not_awarded_and_an_award_is_no_breach(
    household: Household, clean_up: Rule, ebike: Rule
) -> None:
    with pytest.raises(Invalid) as refusal:
        award(household=household, rule=ebike, by=None)
    assert refusal.value.code == "rule_is_a_breach"
    with pytest.raises(Invalid) as refusal:
        record_breach(household=household, rule=clean_up, by=None)
    assert refusal.value.code == "rule_is_an_award"


def test_what_has_not_been_done_yet_gives_no_points(household: Household, clean_up: Rule) -> None:
    with pytest.raises(Invalid) as refusal:
        award(household=household, rule=clean_up, by=None, happened_at=timezone.now() + timedelta(hours=1))
    assert refusal.value.code == "not_yet"


def test_a_phone_a_little_ahead_is_forgiven(household: Household, clean_up: Rule) -> None:
    entry = award(
        household=household, rule=clean_up, by=None, happened_at=timezone.now() + timedelta(minutes=2)
    )
    assert entry.happened_at <= timezone.now()


def test_a_rule_of_another_community_is_no_rule_here(household: Household) -> None:
    other = found_community(name="别的社区", boundary=box(121, 31, 121.01, 31.01))
    with pytest.raises(Invalid):
        award(household=household, rule=a_rule(other), by=None)


def test_a_household_that_has_ended_gets_nothing(household: Household, clean_up: Rule) -> None:
    end_household(household=household)
    with pytest.raises(Conflict):
        award(household=household, rule=clean_up, by=None)


# Who may


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - {RoleKind.COMMUNITY_ADMIN, RoleKind.STAIRWELL_HEAD}))
def test_only_who_runs_the_points_writes_in_the_ledger(
    household: Household, clean_up: Rule, ebike: Rule, in_role: Callable[..., User], kind: str
) -> None:
    by = in_role(kind)
    entry = award(household=household, rule=clean_up, by=None)
    for attempt in (
        lambda: award(household=household, rule=clean_up, by=by),
        lambda: record_breach(household=household, rule=ebike, by=by),
        lambda: reverse_entry(entry=entry, by=by, reason="x"),
    ):
        with pytest.raises(NotVisible):
            attempt()
    assert ledger(household) == [2]


def test_an_admin_of_one_grid_does_not_run_the_points(
    household: Household, clean_up: Rule, in_role: Callable[..., User]
) -> None:
    grid = household.dwelling.building.grid
    with pytest.raises(NotVisible):
        award(household=household, rule=clean_up, by=in_role(RoleKind.COMMUNITY_ADMIN, grid=grid))


def test_nobody_awards_points_to_the_own_household(
    household: Household, clean_up: Rule, resident: User
) -> None:
    grant_role(user=resident, kind=RoleKind.COMMUNITY_ADMIN, community=household.community)
    with pytest.raises(Conflict) as refusal:
        award(household=household, rule=clean_up, by=resident)
    assert refusal.value.code == "own_household"


# Corrections


def test_a_correction_is_a_reversal_and_nothing_is_lost(
    household: Household, clean_up: Rule, clerk: User, told: list[Event]
) -> None:
    entry = award(household=household, rule=clean_up, by=clerk, happened_at=MAY)
    reversal = reverse_entry(entry=entry, by=clerk, reason="记错了户")
    assert ledger(household) == [2, -2]
    assert balance(household) == 0
    assert (reversal.kind, reversal.happened_at, reversal.evidence) == ("reversal", MAY, "记错了户")
    assert told[-1] == EntryReversed(
        community_id=household.community_id,
        entry_id=entry.pk,
        reversal_id=reversal.pk,
        household_id=household.pk,
    )
    assert AuditEntry.objects.filter(by=clerk, action="points.reverse", reason="记错了户").exists()


def test_an_entry_is_reversed_once(household: Household, clean_up: Rule) -> None:
    entry = award(household=household, rule=clean_up, by=None)
    reversal = reverse_entry(entry=entry, by=None, reason="错")
    with pytest.raises(Conflict) as refusal:
        reverse_entry(entry=entry, by=None, reason="又错")
    assert refusal.value.code == "already_reversed"
    with pytest.raises(Conflict) as refusal:
        reverse_entry(entry=reversal, by=None, reason="再来")
    assert refusal.value.code == "is_a_reversal"
    assert ledger(household) == [2, -2]


def test_a_reversal_needs_a_reason(household: Household, clean_up: Rule) -> None:
    entry = award(household=household, rule=clean_up, by=None)
    with pytest.raises(Invalid) as refusal:
        reverse_entry(entry=entry, by=None, reason="  ")
    assert refusal.value.where == "reason"


# Caps


def test_no_more_counts_than_the_cap_lets(household: Household, sorting: Rule) -> None:
    for day in range(3):
        award(household=household, rule=sorting, by=None, happened_at=MAY + timedelta(hours=day))
    with pytest.raises(Conflict) as refusal:
        award(household=household, rule=sorting, by=None, happened_at=MAY + timedelta(hours=4))
    assert refusal.value.code == "cap_reached"
    assert ledger(household) == [1, 1, 1]


def test_the_next_period_counts_anew(household: Household, sorting: Rule) -> None:
    sunday, monday = (
        datetime.fromisoformat("2026-05-17T23:59+08:00"),
        datetime.fromisoformat("2026-05-18T00:00+08:00"),
    )
    for moment in (*[sunday] * 3, *[monday] * 3):
        award(household=household, rule=sorting, by=None, happened_at=moment)
    for moment in (sunday, monday):
        with pytest.raises(Conflict):
            award(household=household, rule=sorting, by=None, happened_at=moment)


def test_the_cap_is_of_one_household(household: Household, neighbours: Household, sorting: Rule) -> None:
    for home in (household, neighbours) * 3:
        award(household=home, rule=sorting, by=None, happened_at=MAY)
    assert balance(household) == balance(neighbours) == 3


def test_what_was_reversed_counts_no_more_towards_the_cap(household: Household, sorting: Rule) -> None:
    entries = [award(household=household, rule=sorting, by=None, happened_at=MAY) for _ in range(3)]
    reverse_entry(entry=entries[0], by=None, reason="错")
    assert award(household=household, rule=sorting, by=None, happened_at=MAY).balance_after == 3


def test_a_cap_of_points_lets_what_remains(household: Household) -> None:
    rule = a_rule(household.community, "gifts", (3, 30), cap_points=60, cap_period="year")
    award(household=household, rule=rule, by=None, points=30, happened_at=MAY)
    award(household=household, rule=rule, by=None, points=25, happened_at=MAY)
    with pytest.raises(Conflict):
        award(household=household, rule=rule, by=None, points=6, happened_at=MAY)
    award(household=household, rule=rule, by=None, points=5, happened_at=MAY)
    assert balance(household) == 60


# What the database itself sees to


def refused_by(constraint: str) -> Any:
    return pytest.raises(
        IntegrityError, check=lambda error: error.__cause__.diag.constraint_name == constraint
    )


def run(statement: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


INSERT = """
    INSERT INTO points_entry (community_id, household_id, kind, version_id, points, happened_at, evidence, reverses_id)
    VALUES (%s, %s, %s, %s, %s, %s, '', %s)
"""


@pytest.fixture
def line(household: Household, clean_up: Rule) -> Entry:
    return award(household=household, rule=clean_up, by=None, happened_at=MAY)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE points_entry SET points = 200",
        "UPDATE points_entry SET evidence = 'x'",
        "DELETE FROM points_entry",
    ],
)
def test_the_database_changes_and_deletes_no_entry(line: Entry, change: str) -> None:
    with refused_by("ledger_is_append_only"):
        run(change)
    assert ledger(line.household) == [2]


def test_the_ledger_cannot_be_emptied(line: Entry) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE points_entry ENABLE TRIGGER ledger_is_not_emptied")
        with refused_by("ledger_is_append_only"), transaction.atomic():
            cursor.execute("TRUNCATE points_entry CASCADE")
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE points_account SET balance = balance + 100",
        "DELETE FROM points_account",
        "UPDATE points_account SET entry_count = 0",
    ],
)
def test_a_balance_moves_with_its_ledger_only(line: Entry, change: str) -> None:
    with refused_by("account_moves_with_its_ledger"):
        run(change)


def test_an_account_is_opened_with_nothing(household: Household) -> None:
    with refused_by("account_moves_with_its_ledger"):
        run(
            "INSERT INTO points_account (household_id, community_id, balance, entry_count) VALUES (%s, %s, 50, 0)",
            household.pk,
            household.community_id,
        )


def test_the_database_numbers_the_lines_whatever_is_said(line: Entry) -> None:
    run(
        INSERT.replace("reverses_id)", "reverses_id, number, balance_after, written_at)").replace(
            ", %s)\n", ", %s, 77, 1000, '2000-01-01')\n"
        ),
        line.community_id, line.household_id, "award", line.version_id, 2, MAY, None,
    )  # fmt: skip
    added = Entry.objects.get(number=2)
    assert added.balance_after == balance(line.household) == 4
    assert added.written_at > line.written_at


@pytest.mark.parametrize(
    ("kind", "points", "happened_at", "constraint"),
    [
        ("reversal", -1, MAY, "a_reversal_undoes_its_entry_exactly"),
        ("reversal", 2, MAY, "a_reversal_undoes_its_entry_exactly"),
        ("reversal", -2, MAY + timedelta(days=1), "a_reversal_undoes_its_entry_exactly"),
        ("refund", 2, MAY, "a_reversal_undoes_its_entry_exactly"),
    ],
)
def test_the_database_lets_no_reversal_do_more_than_undo(
    line: Entry, kind: str, points: int, happened_at: datetime, constraint: str
) -> None:
    with refused_by(constraint):
        run(INSERT, line.community_id, line.household_id, kind, None, points, happened_at, line.pk)


def test_the_database_lets_no_reversal_go_to_another_household(line: Entry, neighbours: Household) -> None:
    with refused_by("a_reversal_undoes_its_entry_exactly"):
        run(INSERT, line.community_id, neighbours.pk, "reversal", None, -2, MAY, line.pk)


def test_the_database_keeps_an_entry_to_its_rule_and_its_community(line: Entry) -> None:
    with refused_by("an_entry_keeps_to_its_rule"):
        run(INSERT, line.community_id, line.household_id, "award", line.version_id, 3, MAY, None)
    other = found_community(name="别的社区", boundary=box(121, 31, 121.01, 31.01))
    with refused_by("an_entry_stays_in_its_community"):
        run(INSERT, other.pk, line.household_id, "award", line.version_id, 2, MAY, None)


def test_the_database_itself_lets_nobody_spend_more_than_there_is(line: Entry) -> None:
    with refused_by("nobody_spends_more_than_there_is"):
        run(INSERT, line.community_id, line.household_id, "redemption", None, -3, MAY, None)
    assert balance(line.household) == 2


def test_a_line_that_is_for_nothing_is_refused(line: Entry) -> None:
    with refused_by("an_entry_says_what_it_is_for"):
        run(INSERT, line.community_id, line.household_id, "award", None, 5, MAY, None)


# Who sees what


def seen_by(user: User, household: Household) -> list[int]:
    from twin.access.gate import visible
    from twin.access.scopes import scope_of

    rows = visible(Entry.objects.filter(household=household), to=scope_of(user))
    return list(rows.order_by("number").values_list("points", flat=True))


@pytest.fixture
def a_past(household: Household, clean_up: Rule, merit: Rule, ebike: Rule, rice: Reward) -> list[int]:
    """An award, a breach, a redemption, an award that was taken back, and a breach that was."""
    award(household=household, rule=merit, by=None, points=40)
    record_breach(household=household, rule=ebike, by=None)
    redeem(household=household, reward=rice, by=None)
    reverse_entry(entry=award(household=household, rule=clean_up, by=None), by=None, reason="错")
    reverse_entry(entry=record_breach(household=household, rule=ebike, by=None), by=None, reason="错")
    return ledger(household)


def test_the_whole_ledger_is_for_the_household_and_for_who_answers_for_it(
    household: Household, a_past: list[int], resident: User, clerk: User, in_role: Callable[..., User]
) -> None:
    assert a_past == [40, -5, -15, 2, -2, -5, 5]
    for viewer in (resident, clerk, in_role(RoleKind.AUDITOR)):
        assert seen_by(viewer, household) == a_past


def test_field_staff_see_the_awards_that_stand_below_their_place(
    household: Household, across: Household, a_past: list[int], clean_up: Rule, in_role: Callable[..., User]
) -> None:
    award(household=across, rule=clean_up, by=None)
    building = household.dwelling.building
    for viewer in (
        in_role(RoleKind.GRID_HEAD, grid=building.grid),
        in_role(RoleKind.GRID_WORKER, grid=building.grid),
        in_role(RoleKind.STAIRWELL_HEAD, unit=household.dwelling.unit),
    ):
        assert seen_by(viewer, household) == [40]
        assert seen_by(viewer, across) == []
    assert seen_by(in_role(RoleKind.DUTY_OFFICER), across) == [2]


@pytest.mark.parametrize(
    "kind", [RoleKind.WALL, RoleKind.PLANNER, RoleKind.HELPER, RoleKind.DEPARTMENT, RoleKind.RESIDENT]
)
def test_others_see_no_line(
    household: Household, a_past: list[int], in_role: Callable[..., User], kind: str
) -> None:
    assert seen_by(in_role(kind), household) == []


def test_a_neighbour_sees_nothing(household: Household, neighbours: Household, a_past: list[int]) -> None:
    assert seen_by(a_resident(neighbours, "李四"), household) == []


def test_an_entry_may_say_who_did_it(household: Household, clean_up: Rule, resident: User) -> None:
    entry = award(household=household, rule=clean_up, by=None, person=person_of(resident))
    assert Entry.objects.get(pk=entry.pk).person == person_of(resident)
    assert Account.objects.count() == 1
