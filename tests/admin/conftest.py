from tests.people.conftest import east_flat, flat, household, person, settle, tags

__all__ = ["east_flat", "flat", "household", "person", "settle", "tags"]
