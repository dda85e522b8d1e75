"""The months of the readings table: made ahead, and dropped when they are no longer kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from twin.base.verbs import verb

TABLE = "devices_reading"
MONTHS_AHEAD = 3
READING_DAYS = 730
"""How long raw readings are kept, unless the caller says otherwise."""

MONTHS = rf"""
    SELECT relid::regclass::text FROM pg_partition_tree('{TABLE}') WHERE isleaf AND relid::regclass::text ~ '\d$' ORDER BY 1
"""
MISSING = """
    SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(%s) IS NOT NULL AND to_regclass(name) IS NULL
"""
# A clock that runs ahead may have put rows of a coming month into the default partition. They move over before the month
# is attached, or attaching would be refused; nobody may add to the default partition in between.
LOCK = "LOCK TABLE {table}_default IN SHARE ROW EXCLUSIVE MODE"
ADD = """
    CREATE TABLE {month} (LIKE {table} INCLUDING ALL);
    WITH early AS (DELETE FROM {table}_default WHERE at >= '{begins}' AND at < '{ends}' RETURNING *)
        INSERT INTO {month} SELECT * FROM early;
    ALTER TABLE {table} ATTACH PARTITION {month} FOR VALUES FROM ('{begins}') TO ('{ends}');
"""


@verb
def ensure_partitions(*, now: datetime | None = None, months_ahead: int = MONTHS_AHEAD) -> list[str]:
    """Make the partitions of last month, this one and the coming ones (UTC), where they are missing. Returns the names of
    the new ones. Two processes may call it at once."""
    first = _month(now or timezone.now(), -1)
    months = [_month(first, offset) for offset in range(months_ahead + 2)]
    with connection.cursor() as cursor:
        if not _missing(cursor, months):
            return []
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{TABLE} partitions"])
        cursor.execute(LOCK.format(table=TABLE))
        missing = _missing(cursor, months)
        for month in missing:
            ends = _month(month, 1)
            cursor.execute(
                ADD.format(table=TABLE, month=_name(month), begins=month.isoformat(), ends=ends.isoformat())
            )
    return [_name(month) for month in missing]


@verb
def forget_readings(*, now: datetime | None = None, days: int = READING_DAYS) -> list[str]:
    """End what is older than `days`: whole months are dropped, what an impossible clock has put aside goes by the time of its
    arrival. Returns the names of the months."""
    until = (now or timezone.now()) - timedelta(days=days)
    newest_to_go = _name(_month(until, -1))
    with connection.cursor() as cursor:
        cursor.execute(MONTHS)
        old = [name for (name,) in cursor.fetchall() if name <= newest_to_go]
        for month in old:
            cursor.execute(f"DROP TABLE {month}")
        cursor.execute(f"DELETE FROM {TABLE}_default WHERE received_at < %s", [until])
    return old


def after_migrate(**kwargs: Any) -> None:
    """Django's post_migrate: a fresh database can take readings at once."""
    ensure_partitions()


def _missing(cursor: CursorWrapper, months: list[datetime]) -> list[datetime]:
    """The months without a partition, in order; none while the table itself is not there."""
    cursor.execute(MISSING, [[_name(month) for month in months], TABLE])
    missing = {name for (name,) in cursor.fetchall()}
    return [month for month in months if _name(month) in missing]


def _month(moment: datetime, offset: int) -> datetime:
    """The first instant of the month that lies `offset` months after the one of `moment`, in UTC."""
    there = moment.astimezone(UTC)
    months = there.year * 12 + there.month - 1 + offset
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _name(month: datetime) -> str:
    return f"{TABLE}_{month:%Y_%m}"
