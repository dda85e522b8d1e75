"""The verbs of the room: the only code that writes shifts and fixes."""

from twin.patrol.actions.fixes import record_fixes
from twin.patrol.actions.shifts import end_shift, start_shift

__all__ = ["end_shift", "record_fixes", "start_shift"]
