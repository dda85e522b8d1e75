"""The one family of errors of this room."""

from typing import Any, ClassVar

from gis.sentence import Sentence


class GisError(ValueError):
    """An input that cannot be worked with.

    The sentence names what is wrong and what would be right; `code` is the same fact for machines.
    """

    code: ClassVar[str] = "geometry"

    def __init__(self, text: str, /, **values: Any) -> None:
        self.sentence = Sentence(text, **values)
        super().__init__(str(self.sentence))


class NotLonLat(GisError):
    """Numbers that are no longitude and latitude in degrees."""

    code = "not_lon_lat"
