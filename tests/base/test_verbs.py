from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction

from twin.accounts.models import User
from twin.base.events import Event, emit, listen
from twin.base.verbs import collect, verb

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class SomethingHappened(Event):
    what: str


def test_a_verb_takes_keywords_only() -> None:
    with pytest.raises(TypeError, match="keyword-only parameters, not user"):

        @verb
        def rename(user: User) -> None: ...


def test_what_is_collected_is_written_once_and_last() -> None:
    order: list[object] = []

    def write(items: list[object]) -> None:
        order.append(tuple(items))

    @verb
    def inner(*, n: int) -> None:
        collect(write, n)
        order.append(f"inner {n}")

    @verb
    def outer() -> None:
        inner(n=1)
        inner(n=2)
        order.append("outer")

    outer()
    assert order == ["inner 1", "inner 2", "outer", (1, 2)]


def test_a_writer_may_make_another_one_write() -> None:
    written: list[str] = []

    def second(items: list[str]) -> None:
        written.extend(items)

    def first(items: list[str]) -> None:
        for item in items:
            collect(second, item + "!")

    @verb
    def act() -> None:
        collect(first, "a")

    act()
    assert written == ["a!"]


def test_a_verb_that_fails_leaves_nothing_and_collects_nothing() -> None:
    written: list[str] = []

    @verb
    def fail() -> None:
        User.objects.create(username="half")
        collect(written.extend, "x")
        raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert written == []
    assert not User.objects.filter(username="half").exists()


def test_collecting_and_emitting_belong_to_a_verb() -> None:
    with pytest.raises(RuntimeError, match="outside a verb"):
        collect(list.clear, 1)
    with pytest.raises(RuntimeError, match="outside a verb"):
        emit(SomethingHappened(community_id=1, what="x"))


def test_a_listener_within_the_transaction_can_stop_it() -> None:
    @listen(SomethingHappened, within=True)
    def refuse(event: SomethingHappened) -> None:
        if event.what == "refused":
            raise ValueError(event.what)

    @verb
    def act(*, what: str) -> None:
        User.objects.create(username=what)
        emit(SomethingHappened(community_id=1, what=what))

    with pytest.raises(ValueError):
        act(what="refused")
    act(what="allowed")
    assert list(User.objects.values_list("username", flat=True)) == ["allowed"]


def test_a_plain_listener_hears_only_of_what_was_committed(
    django_capture_on_commit_callbacks: object,
) -> None:
    heard: list[str] = []

    @listen(SomethingHappened)
    def hear(event: SomethingHappened) -> None:
        heard.append(event.what)

    @verb
    def act(*, what: str) -> None:
        emit(SomethingHappened(community_id=1, what=what))

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        act(what="kept")
        with pytest.raises(ValueError), transaction.atomic():
            act(what="rolled back")
            raise ValueError
    assert heard == ["kept"]
