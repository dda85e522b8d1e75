"""The one place that writes fixes: binary COPY into a table of this connection, then INSERT ... ON CONFLICT DO NOTHING.

COPY alone cannot skip what is there already, and a batch may come twice.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from django.db import connection

from twin.patrol.arrival import Fixes, Flags, Integers, microseconds
from twin.patrol.models import Fix

# ON COMMIT DELETE ROWS empties it between transactions; the DELETE is for a second batch within one.
ARRIVAL = """
CREATE TEMPORARY TABLE IF NOT EXISTS patrol_arrival (
    shift_id bigint, seq bigint, at timestamptz, lon float8, lat float8,
    accuracy_m float8, speed_m_s float8, mocked boolean, clock boolean
) ON COMMIT DELETE ROWS;
DELETE FROM patrol_arrival
"""
COPY = "COPY patrol_arrival FROM STDIN (FORMAT binary)"
# Sorted, so that two arrivals of the same fixes wait for each other rather than deadlock.
STORE = """
WITH stored AS (
    INSERT INTO patrol_fix (shift_id, sender, seq, at, received_at, position, accuracy_m, speed_m_s, mocked, reason)
    SELECT shift_id, %(sender)s, seq, at, %(received_at)s, ST_SetSRID(ST_MakePoint(lon, lat), 4326),
           NULLIF(accuracy_m, 'NaN'), NULLIF(speed_m_s, 'NaN'), mocked, CASE WHEN clock THEN %(clock_reason)s END
    FROM patrol_arrival ORDER BY at, seq
    ON CONFLICT DO NOTHING
    RETURNING shift_id
)
SELECT shift_id, count(*) FROM stored GROUP BY shift_id
"""

# PostgreSQL's binary COPY (its manual, "Binary Format"): every number is big-endian, every value follows its length.
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
POSTGRES_EPOCH_US = microseconds(datetime(2000, 1, 1, tzinfo=UTC))
COLUMNS = (
    ("shift_id", ">i8"), ("seq", ">i8"), ("at", ">i8"), ("lon", ">f8"), ("lat", ">f8"),
    ("accuracy_m", ">f8"), ("speed_m_s", ">f8"), ("mocked", "?"), ("clock", "?"),
)  # fmt: skip
ROW = np.dtype(
    [("columns", ">i2")]
    + [part for name, kind in COLUMNS for part in ((f"{name}_bytes", ">i4"), (name, kind))]
)


def copy_fixes(
    *, sender: int, shift_ids: Integers, fixes: Fixes, clock_wrong: Flags, received_at: datetime
) -> dict[int, int]:
    """Store these fixes, each with its shift; returns how many were new, by shift id. Inside a verb only."""
    if not len(fixes):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ARRIVAL)
        with cursor.copy(COPY) as copy:
            copy.write(HEADER + _rows(shift_ids, fixes, clock_wrong) + TRAILER)
        cursor.execute(
            STORE, {"sender": sender, "received_at": received_at, "clock_reason": Fix.Reason.CLOCK.value}
        )
        return dict(cursor.fetchall())


def _rows(shift_ids: Integers, fixes: Fixes, clock_wrong: Flags) -> bytes:
    rows = np.empty(len(fixes), dtype=ROW)
    rows["columns"] = len(COLUMNS)
    for name, kind in COLUMNS:
        rows[f"{name}_bytes"] = np.dtype(kind).itemsize
    rows["shift_id"], rows["seq"], rows["at"] = shift_ids, fixes.seq, fixes.at_us - POSTGRES_EPOCH_US
    rows["lon"], rows["lat"] = fixes.lon, fixes.lat
    rows["accuracy_m"], rows["speed_m_s"] = fixes.accuracy_m, fixes.speed_m_s
    rows["mocked"], rows["clock"] = fixes.mocked, clock_wrong
    return rows.tobytes()
