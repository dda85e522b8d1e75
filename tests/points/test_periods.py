from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from twin.points.periods import Period, bounds

SHANGHAI = "Asia/Shanghai"
WITH_SUMMER_TIME = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_month_begins_at_midnight_of_the_community_not_of_greenwich() -> None:
    new_year_there = at("2025-12-31T16:00:00+00:00")
    assert bounds("month", new_year_there, SHANGHAI) == (new_year_there, at("2026-01-31T16:00:00+00:00"))
    before = new_year_there - timedelta(microseconds=1)
    assert bounds("month", before, SHANGHAI) == (at("2025-11-30T16:00:00+00:00"), new_year_there)


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        ("day", "2026-05-14", "2026-05-15"),
        ("week", "2026-05-11", "2026-05-18"),
        ("month", "2026-05-01", "2026-06-01"),
        ("quarter", "2026-04-01", "2026-07-01"),
        ("year", "2026-01-01", "2027-01-01"),
    ],
)
def test_each_period_holds_its_thursday(period: str, first: str, end: str) -> None:
    thursday = at("2026-05-14T23:30:00+08:00")
    assert bounds(period, thursday, SHANGHAI) == (at(f"{first}T00:00+08:00"), at(f"{end}T00:00+08:00"))


def test_a_day_of_23_hours_is_one_day() -> None:
    begin, end = bounds("day", at("2026-03-29T12:00:00+02:00"), WITH_SUMMER_TIME)
    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=23)


def test_an_unknown_period_is_an_error() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        bounds("fortnight", at("2026-05-14T00:00:00+08:00"), SHANGHAI)


@given(
    moment=st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    period=st.sampled_from(Period.values),
    zone=st.sampled_from([SHANGHAI, WITH_SUMMER_TIME, "Asia/Kathmandu", "America/St_Johns"]),
)
def test_every_moment_lies_in_its_period_and_its_neighbours_touch(
    moment: datetime, period: str, zone: str
) -> None:
    begin, end = bounds(period, moment, zone)
    assert begin <= moment < end
    assert bounds(period, end.astimezone(UTC), zone)[0] == end


@pytest.mark.django_db
@pytest.mark.parametrize("period", Period.values)
@pytest.mark.parametrize("zone", [SHANGHAI, "America/St_Johns"])
def test_the_database_means_the_same(period: str, zone: str) -> None:
    moment = at("2024-02-29T23:59:59+08:00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc(%s, %s::timestamptz, %s)", [period, moment, zone])
        assert cursor.fetchone()[0] == bounds(period, moment, zone)[0]
