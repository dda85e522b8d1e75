"""The one family of errors of this room."""

from typing import ClassVar


class GisError(ValueError):
    """An input that cannot be worked with.

    The message names what is wrong and what would be right; `code` is the same fact for machines.
    """

    code: ClassVar[str] = "geometry"


class NotLonLat(GisError):
    """Numbers that are no longitude and latitude in degrees."""

    code = "not_lon_lat"
