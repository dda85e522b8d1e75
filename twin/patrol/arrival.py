"""A batch of fixes on its way in, as columns: nothing is done row by row between the phone's bytes and the database."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fixes:
    """Columns of equal length n. EPSG:4326 degrees, metres, metres per second; NaN where the phone did not say."""

    seq: Integers
    at_us: Integers
    """Microseconds since 1970-01-01 UTC, by the phone's clock."""
    lon: Floats
    lat: Floats
    accuracy_m: Floats
    speed_m_s: Floats
    mocked: Flags

    def __len__(self) -> int:
        return len(self.at_us)

    def take(self, rows: Integers) -> Fixes:
        return Fixes(*(getattr(self, column.name)[rows] for column in fields(self)))


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exactly."""
    return (moment - EPOCH) // MICROSECOND


def moment(at_us: int) -> datetime:
    """The reverse of `microseconds`, in UTC."""
    return EPOCH + int(at_us) * MICROSECOND
