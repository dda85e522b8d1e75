from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from twin.base.errors import Conflict
from twin.base.models import Upload
from twin.base.uploads import Answer, once


@pytest.mark.django_db
def test_a_batch_that_comes_twice_is_done_once_and_answered_twice() -> None:
    done: list[int] = []

    def work() -> Answer:
        done.append(1)
        return {"accepted": 3}

    first = once(sender="user:1", batch="b", body=b"x", work=work)
    again = once(sender="user:1", batch="b", body=b"x", work=work)
    assert (first, again, done) == ({"accepted": 3}, {"accepted": 3, "repeated": True}, [1])


@pytest.mark.django_db
def test_the_same_batch_with_other_content_is_refused() -> None:
    once(sender="user:1", batch="b", body=b"x", work=dict)
    with pytest.raises(Conflict, match="other content"):
        once(sender="user:1", batch="b", body=b"y", work=dict)


@pytest.mark.django_db
def test_the_same_batch_name_of_another_sender_is_another_batch() -> None:
    once(sender="user:1", batch="b", body=b"x", work=dict)
    assert once(sender="user:2", batch="b", body=b"y", work=lambda: {"accepted": 1}) == {"accepted": 1}


@pytest.mark.django_db
def test_work_that_fails_may_be_sent_again() -> None:
    def fail() -> Answer:
        raise ValueError

    with pytest.raises(ValueError):
        once(sender="user:1", batch="b", body=b"x", work=fail)
    assert once(sender="user:1", batch="b", body=b"x", work=lambda: {"accepted": 1}) == {"accepted": 1}


@pytest.mark.django_db(transaction=True)
def test_two_that_arrive_together_are_done_once() -> None:
    together = Barrier(2)
    done: list[int] = []

    def work() -> Answer:
        done.append(1)
        return {"accepted": 1}

    def arrive(_: int) -> Answer:
        try:
            together.wait(30)
            return once(sender="user:1", batch="b", body=b"x", work=work)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(arrive, range(2)))
    assert [answer["accepted"] for answer in answers] == [1, 1]
    assert len(done) == 1
    assert Upload.objects.count() == 1
