from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.patrol.conftest import fixes_at
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import NotVisible
from twin.patrol.actions import end_shift, record_fixes, start_shift
from twin.patrol.actions.fixes import Recorded
from twin.patrol.events import FixesRecorded, Newest
from twin.patrol.models import GRACE, Fix, Shift
from twin.places.models import Grid

Ago = Callable[..., list[datetime]]


def test_fixes_on_shift_are_stored_as_they_came(worker: User, shift: Shift, seconds_ago: Ago) -> None:
    (taken,) = seconds_ago(60)
    fixes = fixes_at(
        [taken], lon=122.60123, lat=31.05117, first=7, accuracy_m=6.5, speed_m_s=1.2, mocked=True
    )
    assert record_fixes(worker=worker, fixes=fixes) == Recorded(accepted=1, known=0, dropped=0)
    fix = Fix.objects.get()
    assert (fix.shift, fix.sender, fix.seq, fix.at) == (shift, worker.pk, 7, taken)
    assert fix.position.coords == (122.60123, 31.05117)
    assert fix.position.srid == 4326
    assert (fix.accuracy_m, fix.speed_m_s, fix.mocked, fix.reason) == (6.5, 1.2, True, None)


def test_what_the_phone_did_not_say_is_null(worker: User, shift: Shift, seconds_ago: Ago) -> None:
    record_fixes(worker=worker, fixes=fixes_at(seconds_ago(60), accuracy_m=float("nan")))
    fix = Fix.objects.get()
    assert (fix.accuracy_m, fix.speed_m_s) == (None, None)


def test_outside_a_shift_nothing_is_stored(worker: User, shift: Shift, now: datetime) -> None:
    end_shift(shift=shift, by=worker, at=now - timedelta(minutes=10))
    minutes = [40, 33, 31, 29, 20, 11, 9, 7, 1]
    fixes = fixes_at([now - timedelta(minutes=m) for m in minutes])
    assert record_fixes(worker=worker, fixes=fixes, shift_id=shift.pk).dropped == 4
    kept = {(now - fix.at) // timedelta(minutes=1) for fix in Fix.objects.all()}
    assert kept == {31, 29, 20, 11, 9}  # the grace of two minutes on either side
    shift.refresh_from_db()
    assert (shift.fix_count, shift.dropped_count) == (5, 4)


def test_a_worker_without_a_shift_leaves_no_trace(worker: User, seconds_ago: Ago) -> None:
    assert record_fixes(worker=worker, fixes=fixes_at(seconds_ago(60, 30))) == Recorded(0, 0, 2)
    assert not Fix.objects.exists()


def test_a_late_batch_reaches_the_shifts_it_was_taken_in(worker: User, west: Grid, now: datetime) -> None:
    hours = timedelta(hours=1)
    first = start_shift(worker=worker, grid=west, at=now - 9 * hours)
    end_shift(shift=first, by=worker, at=now - 6 * hours)
    second = start_shift(worker=worker, grid=west, at=now - 2 * hours)
    fixes = fixes_at([now - h * hours for h in (8, 7, 4, 1)])
    assert record_fixes(worker=worker, fixes=fixes) == Recorded(accepted=3, known=0, dropped=1)
    assert list(Fix.objects.order_by("at").values_list("shift", flat=True)) == [first.pk, first.pk, second.pk]


def test_at_a_change_of_shift_the_one_that_holds_the_fix_goes_first(
    worker: User, west: Grid, now: datetime
) -> None:
    minutes = timedelta(minutes=1)
    first = start_shift(worker=worker, grid=west, at=now - 60 * minutes)
    end_shift(shift=first, by=worker, at=now - 20 * minutes)
    second = start_shift(worker=worker, grid=west, at=now - 19 * minutes)
    record_fixes(worker=worker, fixes=fixes_at([now - m * minutes for m in (20.5, 18.5)]))
    assert list(Fix.objects.order_by("at").values_list("shift", flat=True)) == [first.pk, second.pk]


def test_the_same_fixes_again_change_nothing(
    worker: User, shift: Shift, seconds_ago: Ago, told: Callable[..., list[FixesRecorded]]
) -> None:
    fixes = fixes_at(seconds_ago(90, 60, 30))
    record_fixes(worker=worker, fixes=fixes)
    heard = told(FixesRecorded)
    assert record_fixes(worker=worker, fixes=fixes) == Recorded(accepted=0, known=3, dropped=0)
    assert Fix.objects.count() == 3
    assert Shift.objects.get().fix_count == 3
    assert heard == []


def test_a_fix_twice_in_one_batch_is_stored_once(worker: User, shift: Shift, now: datetime) -> None:
    fixes = fixes_at([now, now])
    fixes.seq[:] = 5
    assert record_fixes(worker=worker, fixes=fixes) == Recorded(accepted=1, known=1, dropped=0)


def test_two_batches_in_one_transaction_do_not_mix(
    worker: User, shift: Shift, in_role: Callable[..., User], west: Grid, now: datetime
) -> None:
    fellow = in_role(RoleKind.GRID_WORKER, grid=west)
    start_shift(worker=fellow, grid=west, at=now - timedelta(minutes=5))
    for somebody in (worker, fellow):
        record_fixes(worker=somebody, fixes=fixes_at([now]))
    assert set(Fix.objects.values_list("sender", flat=True)) == {worker.pk, fellow.pk}
    assert Fix.objects.count() == 2


def test_the_newest_position_is_kept_and_told(
    worker: User, shift: Shift, seconds_ago: Ago, told: Callable[..., list[FixesRecorded]]
) -> None:
    heard = told(FixesRecorded)
    moments = seconds_ago(30, 90, 60)
    record_fixes(worker=worker, fixes=fixes_at(moments, lon=[122.6013, 122.6011, 122.6012]))
    newest = Newest(122.6013, 31.051, moments[0].timestamp(), 8.0)
    assert heard == [
        FixesRecorded(
            community_id=shift.community_id, shift_id=shift.pk, grid_id=shift.grid_id, newest=newest
        )
    ]
    shift.refresh_from_db()
    assert shift.last_position.coords == (122.6013, 31.051)
    assert shift.last_at == moments[0]


def test_a_late_batch_moves_nobody_back(
    worker: User, shift: Shift, seconds_ago: Ago, told: Callable[..., list[FixesRecorded]]
) -> None:
    late, early = seconds_ago(10, 300)
    record_fixes(worker=worker, fixes=fixes_at([late], first=2))
    heard = told(FixesRecorded)
    record_fixes(worker=worker, fixes=fixes_at([early], lon=122.6001))
    assert [event.newest for event in heard] == [None]
    shift.refresh_from_db()
    assert shift.last_at == late


def test_nowhere_and_mocked_positions_are_kept_but_move_nobody(
    worker: User, shift: Shift, seconds_ago: Ago
) -> None:
    true, mocked, nowhere = seconds_ago(90, 60, 30)
    fixes = fixes_at(
        [true, mocked, nowhere],
        lon=[122.601, 122.6015, 0],
        lat=[31.051, 31.051, 0],
        mocked=[False, True, False],
    )
    assert record_fixes(worker=worker, fixes=fixes).accepted == 3
    shift.refresh_from_db()
    assert shift.last_at == true


def test_a_phone_a_few_minutes_fast_is_nowhere_after_now(worker: User, shift: Shift, now: datetime) -> None:
    record_fixes(worker=worker, fixes=fixes_at([now + timedelta(minutes=7)]), received_at=now)
    shift.refresh_from_db()
    assert shift.last_at == now
    assert Fix.objects.get().at == now + timedelta(minutes=7)


@pytest.mark.parametrize("year", [1970, 2019, 2036])
def test_an_impossible_clock_on_shift_is_kept_with_its_reason(worker: User, shift: Shift, year: int) -> None:
    taken = datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert record_fixes(worker=worker, fixes=fixes_at([taken]), shift_id=shift.pk).accepted == 1
    fix = Fix.objects.get()
    assert (fix.at, fix.reason, fix.shift) == (taken, Fix.Reason.CLOCK, shift)
    shift.refresh_from_db()
    assert shift.last_at is None


def test_an_impossible_clock_off_shift_is_dropped(worker: User, shift: Shift) -> None:
    end_shift(shift=shift, by=worker)
    impossible = fixes_at([datetime(1970, 1, 1, tzinfo=UTC)])
    assert record_fixes(worker=worker, fixes=impossible, shift_id=shift.pk).dropped == 1
    assert record_fixes(worker=worker, fixes=impossible).dropped == 1
    assert not Fix.objects.exists()


def test_an_impossible_clock_belongs_to_the_named_shift_or_to_none(
    worker: User, west: Grid, shift: Shift, now: datetime
) -> None:
    end_shift(shift=shift, by=worker, at=now - GRACE)
    start_shift(worker=worker, grid=west, at=now - timedelta(minutes=1))
    impossible = fixes_at([datetime(2036, 1, 1, tzinfo=UTC)])
    assert record_fixes(worker=worker, fixes=impossible, shift_id=shift.pk).dropped == 1
    assert record_fixes(worker=worker, fixes=impossible).accepted == 1


def test_somebody_elses_shift_is_not_there(
    shift: Shift, in_role: Callable[..., User], west: Grid, now: datetime
) -> None:
    fellow = in_role(RoleKind.GRID_WORKER, grid=west)
    with pytest.raises(NotVisible):
        record_fixes(worker=fellow, fixes=fixes_at([now]), shift_id=shift.pk)


def test_raw_fixes_are_for_the_worker_and_for_supervisors(
    worker: User, shift: Shift, in_role: Callable[..., User], stranger: User, west: Grid, now: datetime
) -> None:
    record_fixes(worker=worker, fixes=fixes_at([now]))
    fellow, head = in_role(RoleKind.GRID_WORKER, grid=west), in_role(RoleKind.GRID_HEAD, grid=west)
    seen = [Fix.objects.visible_to(scope_of(u)).count() for u in (worker, head, fellow, stranger)]
    assert seen == [1, 1, 0, 0]


def test_however_many_fixes_come_the_questions_to_the_database_are_as_many(
    worker: User, shift: Shift, now: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    for many in (1, 500):
        fixes = fixes_at([now - timedelta(seconds=s) for s in range(many)], first=many)
        with django_assert_num_queries(7):
            record_fixes(worker=worker, fixes=fixes)


def test_a_month_has_its_partition_and_the_rest_goes_to_the_default(
    worker: User, shift: Shift, now: datetime
) -> None:
    record_fixes(worker=worker, fixes=fixes_at([now, datetime(1970, 1, 1, tzinfo=UTC)]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM patrol_fix ORDER BY at")
        tables = [name for (name,) in cursor.fetchall()]
    assert tables == ["patrol_fix_default", f"patrol_fix_{now:%Y_%m}"]
