"""Places: on a board by points, in a vote by votes and points. Pure: numbers in, numbers out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate's votes and points; `key` is whatever tells it apart."""

    key: int
    votes: int
    points: int


@dataclass(frozen=True, slots=True)
class Result:
    key: int
    points: int
    score: float
    place: int


def places(totals: Iterable[int]) -> list[int]:
    """The places of totals that come highest first: equals share one, and the next one is as if they did not (1, 1, 3)."""
    found: list[int] = []
    before: int | None = None
    for position, total in enumerate(totals, start=1):
        found.append(found[-1] if total == before else position)
        before = total
    return found


def counted(standings: Sequence[Standing], *, vote_weight: int) -> list[Result]:
    """Scores of 0 to 100, best first: votes as a share of the most votes, points of the most points, each with its weight
    (`vote_weight` in percent). Points below zero count as none."""
    most_votes = max((s.votes for s in standings), default=0)
    most_points = max((s.points for s in standings), default=0)

    def score(s: Standing) -> float:
        votes = s.votes / most_votes if most_votes else 0.0
        points = max(s.points, 0) / most_points if most_points > 0 else 0.0
        return round(vote_weight * votes + (100 - vote_weight) * points, 2)

    ranked = sorted(((score(s), s) for s in standings), key=lambda pair: (-pair[0], pair[1].key))
    numbers = places(round(value * 100) for value, _ in ranked)
    return [Result(s.key, s.points, value, place) for (value, s), place in zip(ranked, numbers, strict=True)]


def band_index(points: int, beginnings: Sequence[int]) -> int:
    """Which band these points lie in, of bands that begin at these points (ascending); the lowest one has no lower end."""
    return max(bisect_right(beginnings, points) - 1, 0)
