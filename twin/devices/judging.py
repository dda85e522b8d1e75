"""Which rules a device's readings meet. Pure: readings and rules in, verdicts out.

A verdict sums up what a batch says about one rule: how often it was met, from when to when, and whether the last word was
that it is over. So a thousand repeats in one batch are one change of one alarm.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
}


class Rule(Protocol):
    """The columns of an alarm rule that judging reads."""

    trigger: str
    event: str
    clear_event: str
    metric: str
    comparison: str
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Said:
    """One reading as rules see it. `at` is a time that can be believed (UTC); a known one was counted when it arrived, and
    only says what came after a reading that is late."""

    at: datetime
    values: Mapping[str, float]
    event: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`times` met between `first_at` and `last_at` (None: never met); `cleared_at` if the last word was "over"."""

    times: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    cleared_at: datetime | None = None


def judge(rule: Rule, readings: Iterable[Said]) -> Verdict:
    """What one device's readings, in order of time, say about a rule."""
    verdict = Verdict()
    for said in readings:
        met = is_met(rule, said)
        if met and said.known:
            verdict = replace(verdict, cleared_at=None)
        elif met:
            verdict = Verdict(verdict.times + 1, verdict.first_at or said.at, said.at)
        elif met is not None:
            verdict = replace(verdict, cleared_at=said.at)
    return verdict


def is_met(rule: Rule, said: Said) -> bool | None:
    """Whether a reading meets a rule; None if it says nothing about it. Being heard of at all ends a silence."""
    if rule.trigger == "offline":
        return False
    if rule.trigger == "event":
        if said.event == rule.event:
            return True
        return False if said.event and said.event == rule.clear_event else None
    value = said.values.get(rule.metric)
    if value is None or rule.threshold is None:
        return None
    return COMPARE[rule.comparison](value, rule.threshold)
