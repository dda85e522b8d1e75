from tests.patrol.conftest import now, shift, worker

__all__ = ["now", "shift", "worker"]
