"""The verbs of the room: the only code that writes shifts and fixes."""

from twin.patrol.actions.fixes import record_fixes
from twin.patrol.actions.shifts import end_shift, start_shift
from twin.patrol.actions.upkeep import ensure_partitions, forget_fixes, keep_fixes

__all__ = ["end_shift", "ensure_partitions", "forget_fixes", "keep_fixes", "record_fixes", "start_shift"]
