"""How long the database may work at one statement of a web request: a slow one is given up, and the others get their turn.

Commands and the worker may take as long as they like; so may, in a web request, a unit of work that says so.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

FOREVER = "SET LOCAL statement_timeout TO 0"


def give_up_after(seconds: int, database: dict[str, Any]) -> None:
    """Of Django's settings of a database; before the first connection of this process."""
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "options": f"-c statement_timeout={seconds}s"}


def be_patient() -> None:
    """Until the transaction ends no statement is given up: large files take minutes. Inside a verb only."""
    with connection.cursor() as cursor:
        cursor.execute(FOREVER)
