"""Several phones and processes at once, on committed rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.patrol.conftest import fixes_at
from twin.accounts.models import User
from twin.base.errors import Conflict
from twin.base.uploads import once
from twin.patrol.actions import end_shift, ensure_partitions, record_fixes, start_shift
from twin.patrol.models import Fix, Shift
from twin.places.models import Grid

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """The results, or the exceptions, of works that begin together."""
    ready = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_a_batch_that_comes_several_times_at_once_is_stored_once(
    worker: User, shift: Shift, now: datetime
) -> None:
    fixes = fixes_at([now - timedelta(seconds=s) for s in range(300)])

    def send() -> dict[str, Any]:
        def work() -> dict[str, Any]:
            done = record_fixes(worker=worker, fixes=fixes)
            return {"accepted": done.accepted}

        return once(sender="user", batch="one", body=b"the same", work=work)

    answers = at_once(*[send] * AT_ONCE)
    assert {answer["accepted"] for answer in answers} == {300}
    assert sum("repeated" not in answer for answer in answers) == 1
    assert Fix.objects.count() == Shift.objects.get().fix_count == 300


def test_overlapping_batches_at_once_neither_lock_up_nor_count_twice(
    worker: User, shift: Shift, now: datetime
) -> None:
    moments = [now - timedelta(seconds=s) for s in range(200)]
    batches = [fixes_at(moments), fixes_at(moments[::-1], first=1)]
    batches[1].seq[:] = batches[1].seq[::-1]
    done = at_once(*[lambda b=batches[n % 2]: record_fixes(worker=worker, fixes=b) for n in range(AT_ONCE)])
    assert sum(recorded.accepted for recorded in done) == 200
    assert Fix.objects.count() == Shift.objects.get().fix_count == 200


def test_two_phones_of_one_worker_begin_one_shift(worker: User, west: Grid) -> None:
    begun = at_once(*[lambda: start_shift(worker=worker, grid=west)] * AT_ONCE)
    assert sum(isinstance(answer, Conflict) for answer in begun) == AT_ONCE - 1
    assert Shift.objects.open().count() == 1


def test_nothing_is_stored_after_the_end_while_batches_keep_coming(
    worker: User, shift: Shift, now: datetime
) -> None:
    late = fixes_at([now + timedelta(seconds=300 + s) for s in range(50)])
    ended_at = now + timedelta(seconds=1)
    sends = [lambda: record_fixes(worker=worker, fixes=late)] * 3
    at_once(*sends, lambda: end_shift(shift=shift, by=worker, at=ended_at), *sends)
    ended = Shift.objects.get()
    assert ended.ended_at == ended_at
    before_the_end = Fix.objects.count()
    assert before_the_end in {0, 50}  # whichever came first, all of a batch or none
    assert ended.fix_count == before_the_end
    assert record_fixes(worker=worker, fixes=fixes_at([now + timedelta(minutes=9)])).accepted == 0


def test_a_new_month_is_made_while_fixes_arrive(worker: User, west: Grid) -> None:
    taken = datetime.fromisoformat("2034-02-10T08:00:00+00:00")
    start_shift(worker=worker, grid=west, at=taken)
    batches = [fixes_at([taken + timedelta(seconds=s)], first=s) for s in range(1, 1 + AT_ONCE)]
    done = at_once(
        *[lambda b=batch: record_fixes(worker=worker, fixes=b, received_at=taken) for batch in batches],
        *[lambda: ensure_partitions(now=taken)] * 2,
    )
    assert [answer for answer in done if isinstance(answer, Exception)] == []
    assert Fix.objects.count() == AT_ONCE
