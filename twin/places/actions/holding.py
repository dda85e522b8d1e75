"""Whoever puts something into a grid and whoever draws grids wait for each other: otherwise neither sees the other's row, and
a building would stay outside a grid that covers it. Rows cannot be locked that are not there yet, so the lock is on a name.

Taken before any row, or two writers would wait for each other for ever.
"""

from __future__ import annotations

from django.db import connection

TO_PLACE = "SELECT pg_advisory_xact_lock_shared(hashtextextended('places_grids', %s))"
TO_DRAW = "SELECT pg_advisory_xact_lock(hashtextextended('places_grids', %s))"


def hold_grids(community_id: int) -> None:
    """Until the transaction ends, nobody draws, moves or ends grids of this community. Many may hold them at once."""
    _lock(TO_PLACE, community_id)


def take_grids(community_id: int) -> None:
    """Until the transaction ends, nobody else draws grids of this community, or puts anything into one."""
    _lock(TO_DRAW, community_id)


def _lock(statement: str, community_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [community_id])
