"""Who walks where and calls on whom: shifts with their fixes, and visits."""

from twin.patrol.models.fix import GRACE, RAW_DAYS, Fix, Retention
from twin.patrol.models.shift import Shift
from twin.patrol.models.visit import Visit

__all__ = ["GRACE", "RAW_DAYS", "Fix", "Retention", "Shift", "Visit"]
