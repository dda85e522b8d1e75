"""The verbs of the room: the only code that writes shifts, fixes and visits."""

from twin.patrol.actions.fixes import record_fixes
from twin.patrol.actions.shifts import end_shift, start_shift
from twin.patrol.actions.upkeep import ensure_partitions, forget_fixes, keep_fixes
from twin.patrol.actions.visits import NewVisit, record_visit, record_visits, withdraw_visit

__all__ = [
    "NewVisit",
    "end_shift",
    "ensure_partitions",
    "forget_fixes",
    "keep_fixes",
    "record_fixes",
    "record_visit",
    "record_visits",
    "start_shift",
    "withdraw_visit",
]
