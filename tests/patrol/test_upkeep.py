from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.patrol.conftest import fixes_at
from twin.access.models import AuditEntry
from twin.accounts.models import User
from twin.patrol.actions import (
    end_shift,
    ensure_partitions,
    forget_fixes,
    keep_fixes,
    record_fixes,
    start_shift,
)
from twin.patrol.models import Fix, Shift
from twin.places.models import Community, Grid


def tables() -> list[str]:
    """The partition of every fix, in order of time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM patrol_fix ORDER BY at")
        return [name for (name,) in cursor.fetchall()]


def a_shift(worker: User, grid: Grid, started_at: datetime) -> Shift:
    shift = start_shift(worker=worker, grid=grid, at=started_at)
    return end_shift(shift=shift, by=worker, at=started_at + timedelta(hours=8))


def test_a_month_takes_over_what_waited_in_the_default_partition(worker: User, west: Grid) -> None:
    taken = datetime(2031, 5, 17, 8, tzinfo=UTC)
    a_shift(worker, west, taken)
    record_fixes(worker=worker, fixes=fixes_at([taken]), received_at=taken)
    assert tables() == ["patrol_fix_default"]
    made = ensure_partitions(now=taken)
    assert made == ["patrol_fix_2031_05", "patrol_fix_2031_06", "patrol_fix_2031_07"]
    assert tables() == ["patrol_fix_2031_05"]
    assert ensure_partitions(now=taken) == []


def test_months_begin_and_end_in_utc(worker: User, west: Grid) -> None:
    new_year = datetime(2032, 1, 1, tzinfo=UTC)
    ensure_partitions(now=new_year - timedelta(days=1))
    a_shift(worker, west, new_year - timedelta(hours=1))
    moments = [new_year - timedelta(microseconds=1), new_year]
    record_fixes(worker=worker, fixes=fixes_at(moments), received_at=new_year)
    assert tables() == ["patrol_fix_2031_12", "patrol_fix_2032_01"]


def test_a_fix_cannot_be_stored_twice_across_a_new_partition(worker: User, west: Grid) -> None:
    taken = datetime(2033, 3, 3, tzinfo=UTC)
    a_shift(worker, west, taken)
    record_fixes(worker=worker, fixes=fixes_at([taken]), received_at=taken)
    ensure_partitions(now=taken)
    assert record_fixes(worker=worker, fixes=fixes_at([taken]), received_at=taken).known == 1


def test_raw_fixes_are_forgotten_after_ninety_days(worker: User, west: Grid, now: datetime) -> None:
    for days in (91, 89):
        taken = now - timedelta(days=days)
        a_shift(worker, west, taken)
        record_fixes(worker=worker, fixes=fixes_at([taken]))
    assert forget_fixes(now=now) == 1
    assert Fix.objects.get().at == now - timedelta(days=89)


def test_a_community_may_agree_on_fewer_days(
    worker: User, west: Grid, community: Community, officer: User, now: datetime
) -> None:
    taken = now - timedelta(days=8)
    a_shift(worker, west, taken)
    record_fixes(worker=worker, fixes=fixes_at([taken]))
    keep_fixes(community=community, raw_days=7, by=officer)
    assert AuditEntry.objects.filter(action="patrol.retention", by=officer).exists()
    assert forget_fixes(now=now) == 1


def test_the_number_of_days_is_within_reason(community: Community, officer: User) -> None:
    with pytest.raises(IntegrityError, match="raw_fixes_are_kept_1_to_3650_days"), transaction.atomic():
        keep_fixes(community=community, raw_days=0, by=officer)


def test_a_fix_with_an_impossible_clock_ages_by_the_servers(worker: User, west: Grid, now: datetime) -> None:
    received = now - timedelta(days=91)
    start_shift(worker=worker, grid=west, at=received - timedelta(hours=1))
    impossible = fixes_at([datetime(2070, 1, 1, tzinfo=UTC)])
    record_fixes(worker=worker, fixes=impossible, received_at=received)
    assert forget_fixes(now=received + timedelta(days=1)) == 0
    assert forget_fixes(now=now) == 1


def months() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree('patrol_fix')")
        return {name for (name,) in cursor.fetchall()}


def test_a_month_that_nobody_keeps_any_more_loses_its_partition(db: None) -> None:
    begin = datetime(2031, 5, 1, tzinfo=UTC)
    ensure_partitions(now=begin)
    forget_fixes(now=datetime(2031, 8, 29, tzinfo=UTC))  # the last day of May is 90 days ago
    assert "patrol_fix_2031_05" in months()
    forget_fixes(now=datetime(2031, 9, 1, tzinfo=UTC))
    assert "patrol_fix_2031_05" not in months()
    assert "patrol_fix_2031_06" in months()


def test_a_month_that_one_community_keeps_longer_stays(community: Community, officer: User) -> None:
    ensure_partitions(now=datetime(2031, 5, 1, tzinfo=UTC))
    keep_fixes(community=community, raw_days=365, by=officer)
    forget_fixes(now=datetime(2032, 4, 1, tzinfo=UTC))
    assert "patrol_fix_2031_05" in months()
