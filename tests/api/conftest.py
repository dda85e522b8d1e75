from tests.patrol.conftest import now, shift, worker
from tests.people.conftest import east_flat, flat, household, other_flat, person, settle, tags

__all__ = [
    "east_flat",
    "flat",
    "household",
    "now",
    "other_flat",
    "person",
    "settle",
    "shift",
    "tags",
    "worker",
]
