"""A verb is one described change of the world: keyword-only, atomic, all or nothing.

    @verb
    def close_alarm(*, alarm: Alarm, by: User, truth: str, note: str) -> Alarm: ...

Verbs nest; the outermost one is the unit of work. Some writes must come last in it, once, however many verbs ran inside:
the numbers of the live log (so that numbering is commit order and the counter locks are held shortest) and the shape
versions. `collect(writer, item)` gathers their items; when the outermost verb ends, each writer is called once with all of
its items, still inside the transaction.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

Writer = Callable[[list[Any]], None]

_work: ContextVar[dict[Writer, list[Any]] | None] = ContextVar("unit_of_work", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction whose collected items are written last. Joins the unit that is already open, if any."""
    if _work.get() is not None:
        with transaction.atomic():
            yield
        return
    token = _work.set({})
    try:
        with transaction.atomic():
            yield
            _close()
    finally:
        _work.reset(token)


def _close() -> None:
    collected = _work.get()
    while collected:  # a writer may make another one collect
        writer, items = next(iter(collected.items()))
        del collected[writer]
        writer(items)


def verb(action: Callable[P, R]) -> Callable[P, R]:
    """Make a function a verb. Raises TypeError at import if a parameter is not keyword-only."""
    parameters = inspect.signature(action).parameters.values()
    loose = [p.name for p in parameters if p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD)]
    if loose:
        raise TypeError(
            f"{action.__qualname__}: a verb takes keyword-only parameters, not {', '.join(loose)}"
        )

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return action(*args, **kwargs)

    run.is_verb = True  # type: ignore[attr-defined]
    return run


def collect(writer: Writer, item: Any) -> None:
    """Have `writer` called once, last, with this item and all others collected for it in this unit of work."""
    collected = _work.get()
    if collected is None:
        raise RuntimeError("collect() outside a verb: every write belongs to a verb")
    collected.setdefault(writer, []).append(item)


def in_unit_of_work() -> bool:
    return _work.get() is not None
