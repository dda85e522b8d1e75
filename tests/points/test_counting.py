from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.points.counting import Standing, band_index, counted, places

STANDINGS = st.lists(st.tuples(st.integers(0, 500), st.integers(-200, 2000)), min_size=1, max_size=30).map(
    lambda pairs: [Standing(key, votes, points) for key, (votes, points) in enumerate(pairs)]
)


def test_equals_share_a_place_and_the_next_one_is_not_moved_up() -> None:
    assert places([9, 7, 7, 3]) == [1, 2, 2, 4]
    assert places([]) == []


def test_half_votes_and_half_points() -> None:
    results = counted([Standing(1, 10, 50), Standing(2, 5, 100), Standing(3, 0, 0)], vote_weight=50)
    assert [(r.key, r.score, r.place) for r in results] == [(1, 75.0, 1), (2, 75.0, 1), (3, 0.0, 3)]


def test_a_debt_counts_as_no_points() -> None:
    [best, worst] = counted([Standing(1, 1, 10), Standing(2, 1, -40)], vote_weight=50)
    assert (best.key, worst.score) == (1, 50.0)


def test_without_any_votes_or_points_all_are_equal() -> None:
    assert [r.place for r in counted([Standing(1, 0, 0), Standing(2, 0, -5)], vote_weight=50)] == [1, 1]


@given(standings=STANDINGS, weight=st.integers(0, 100))
def test_scores_are_0_to_100_and_more_is_never_worse(standings: list[Standing], weight: int) -> None:
    results = counted(standings, vote_weight=weight)
    assert [r.score for r in results] == sorted((r.score for r in results), reverse=True)
    assert all(0 <= r.score <= 100 for r in results)
    of = {s.key: s for s in standings}
    for better in results:
        for worse in results:
            if of[better.key].votes >= of[worse.key].votes and better.points >= worse.points:
                assert better.place <= worse.place


@pytest.mark.parametrize(("points", "index"), [(-9999, 0), (-1, 0), (0, 1), (14, 1), (15, 2), (10_000, 2)])
def test_a_band_holds_what_lies_between_its_beginning_and_the_next(points: int, index: int) -> None:
    assert band_index(points, [-1000, 0, 15]) == index
