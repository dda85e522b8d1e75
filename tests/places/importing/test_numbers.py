from __future__ import annotations

from typing import Any

import pytest

from twin.places.importing.numbers import NotANumber, floors, metres, whole, year


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (12, 12.0),
        (3.5, 3.5),
        ("12 m", 12.0),
        ("12m", 12.0),
        ("3.5", 3.5),
        ("3,5", 3.5),
        ("１２．５", 12.5),
        ("12米", 12.0),
        ("约 20 米", 20.0),
        ("~7.5", 7.5),
        ("40 ft", 12.192),
        ("40'", 12.192),
        ("1,234.5", 1234.5),
        ("1e2", 100.0),
        (".5", 0.5),
    ],
)
def test_a_length_is_read_as_people_write_it(written: Any, read: float) -> None:
    assert metres(written) == pytest.approx(read)


@pytest.mark.parametrize(
    "written", [None, "", "  ", "-", "无", "不详", "未知", "NULL", "n/a", float("nan"), float("inf")]
)
def test_an_empty_cell_is_nothing_in_many_words(written: Any) -> None:
    assert metres(written) is None
    assert floors(written) == (None, None)


@pytest.mark.parametrize("written", ["high", "12 apples", "1,234", "3;4", "12-14", "=1+1", "١٢x", "12 km"])
def test_what_is_no_length_is_not_guessed(written: str) -> None:
    with pytest.raises(NotANumber):
        metres(written)


@pytest.mark.parametrize(
    ("written", "above", "below"),
    [
        (6, 6, None),
        (2.5, 2.5, None),
        ("6层", 6, None),
        ("１８", 18, None),
        ("18F", 18, None),
        ("地上18层", 18, None),
        ("18F/-2", 18, 2),
        ("18/-2", 18, 2),
        ("-2/18", 18, 2),
        ("地上18层，地下2层", 18, 2),
        ("十二层", 12, None),
        ("二十", 20, None),
        ("六", 6, None),
        ("一百零三层", 103, None),
        ("3 levels", 3, None),
    ],
)
def test_floors_are_read_with_those_below_ground(written: Any, above: float, below: int | None) -> None:
    assert floors(written) == (above, below)


@pytest.mark.parametrize("written", ["many", "3;4", "5-6", "层"])
def test_what_is_no_number_of_floors_is_not_guessed(written: str) -> None:
    with pytest.raises(NotANumber):
        floors(written)


def test_a_count_is_whole() -> None:
    assert whole("3单元"[:1]) == 3
    with pytest.raises(NotANumber):
        whole(2.5)


@pytest.mark.parametrize(
    ("written", "read"),
    [(1998, 1998), ("1998年", 1998), ("1998-05-01", 1998), ("1998.0", 1998), ("1990s", 1990)],
)
def test_a_year_is_read_from_a_date(written: Any, read: int) -> None:
    assert year(written) == read
