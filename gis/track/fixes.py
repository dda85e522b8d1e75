"""Raw fixes as columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import GisError

Floats = NDArray[np.float64]
UNKNOWN_ACCURACY_M: Final = 10.0


class UnequalColumns(GisError):
    """Columns of fixes that are not of one length."""

    code = "unequal_columns"


@dataclass(frozen=True, eq=False)
class Fixes:
    """Fixes of one person in any order, (n,) each.

    at: Unix seconds, UTC. lon, lat: EPSG:4326 degrees. accuracy_m: stated error, NaN where none is stated.
    mocked: whether the phone says that the position is made up.
    """

    at: Floats
    lon: Floats
    lat: Floats
    accuracy_m: Floats
    mocked: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        at: ArrayLike,
        lon: ArrayLike,
        lat: ArrayLike,
        accuracy_m: ArrayLike | None = None,
        mocked: ArrayLike | None = None,
    ) -> Self:
        """From columns; a missing column means that nothing is known. Raises UnequalColumns."""
        seconds = np.asarray(at, dtype=np.float64).reshape(-1)
        columns = (
            seconds,
            np.asarray(lon, dtype=np.float64).reshape(-1),
            np.asarray(lat, dtype=np.float64).reshape(-1),
            _column(accuracy_m, len(seconds), np.nan).astype(np.float64),
            _column(mocked, len(seconds), False).astype(bool),
        )
        lengths = {len(column) for column in columns}
        if len(lengths) > 1:
            raise UnequalColumns(f"columns of {sorted(lengths)} fixes: all need the same length")
        return cls(*columns)

    def rows(self, which: Iterable[int] | NDArray[np.int64]) -> Self:
        """Some of the fixes, in the order asked for."""
        index = np.asarray(which, dtype=np.int64)
        return type(self)(
            self.at[index], self.lon[index], self.lat[index], self.accuracy_m[index], self.mocked[index]
        )

    def __len__(self) -> int:
        return len(self.at)


def known_accuracy_m(accuracy_m: Floats) -> Floats:
    """Stated errors, and a usual one where none is stated."""
    return np.where(np.isfinite(accuracy_m), accuracy_m, UNKNOWN_ACCURACY_M)


def _column(values: ArrayLike | None, length: int, unknown: float | bool) -> NDArray[np.generic]:
    if values is None:
        return np.full(length, unknown)
    return np.array(
        [unknown if value is None else value for value in np.asarray(values, dtype=object).reshape(-1)]
    )
