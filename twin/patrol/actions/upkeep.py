"""What the table of fixes needs every day: its coming months, and an end of what is no longer kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from twin.access.actions import record
from twin.accounts.models import User
from twin.base.verbs import verb
from twin.patrol.models import RAW_DAYS, Retention
from twin.places.models import Community

MONTHS_AHEAD = 2
# Beyond its time by the phone's clock, or where that was impossible by the server's.
FORGET = """
DELETE FROM patrol_fix AS fix
USING patrol_shift AS shift LEFT JOIN patrol_retention AS kept ON kept.community_id = shift.community_id
WHERE shift.id = fix.shift_id
  AND CASE WHEN fix.reason IS NULL THEN fix.at ELSE fix.received_at END
      < %(now)s - make_interval(days => COALESCE(kept.raw_days, %(raw_days)s))
"""
MONTHS = r"SELECT relid::regclass::text FROM pg_partition_tree('patrol_fix') WHERE isleaf AND relid::regclass::text ~ '\d$'"


@verb
def ensure_partitions(*, now: datetime | None = None, months_ahead: int = MONTHS_AHEAD) -> list[str]:
    """Make the partitions of this month and the coming ones (UTC) where they are missing; returns the names of the new
    ones. What the default partition holds of a month moves over. Two processes may call it at once."""
    first = (now or timezone.now()).astimezone(UTC).date()
    made = []
    with connection.cursor() as cursor:
        for offset in range(months_ahead + 1):
            month = _month(first, offset)
            cursor.execute("SELECT patrol_fix_partition(%s)", [month])
            if cursor.fetchone()[0]:
                made.append(f"patrol_fix_{month:%Y_%m}")
    return made


@verb
def forget_fixes(*, now: datetime | None = None) -> int:
    """Delete raw fixes that are older than their community keeps them; returns how many. Months that nobody keeps any more
    lose their partition."""
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"now": moment, "raw_days": RAW_DAYS})
        forgotten = cursor.rowcount
        longest = Retention.objects.aggregate(days=Max("raw_days"))["days"] or 0
        kept_from = (moment - timedelta(days=max(RAW_DAYS, longest))).astimezone(UTC)
        cursor.execute(MONTHS)
        for (month,) in cursor.fetchall():
            # Not even a late fix of that month would be kept, so nothing is lost between the question and the drop.
            if month < f"patrol_fix_{kept_from:%Y_%m}":
                cursor.execute(f"DROP TABLE {month}")
    return int(forgotten)


@verb
def keep_fixes(*, community: Community, raw_days: int, by: User) -> Retention:
    """Agree how many days a community keeps raw fixes."""
    agreed, _ = Retention.objects.update_or_create(community=community, defaults={"raw_days": raw_days})
    record(
        by=by, action="patrol.retention", community=community, subject=agreed, detail={"raw_days": raw_days}
    )
    return agreed


def _month(day: date, offset: int) -> date:
    months = day.year * 12 + day.month - 1 + offset
    return date(months // 12, months % 12 + 1, 1)
