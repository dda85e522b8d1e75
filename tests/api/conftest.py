from tests.patrol.conftest import now, shift, worker
from tests.people.conftest import east_flat, flat, household, other_flat, person, settle, tags, told
from tests.points.conftest import across, clean_up, clerk, ebike, merit, neighbours, resident, rice, sorting

__all__ = [
    "across",
    "clean_up",
    "clerk",
    "east_flat",
    "ebike",
    "flat",
    "household",
    "merit",
    "neighbours",
    "now",
    "other_flat",
    "person",
    "resident",
    "rice",
    "settle",
    "shift",
    "sorting",
    "tags",
    "told",
    "worker",
]
