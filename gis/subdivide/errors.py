"""What can be wrong with a building that is to be cut."""

from gis.errors import GisError


class CannotCut(GisError):
    """A building that cannot be cut into dwellings as asked."""

    code = "cannot_cut"


class UnusableFootprint(CannotCut):
    """An outline that is no single, simple polygon of a building's size."""

    code = "unusable_footprint"


class UnusableStoreys(CannotCut):
    """Floors that no building has."""

    code = "unusable_storeys"


class TooManyFlats(CannotCut):
    """More flats on a floor than there is room for."""

    code = "too_many_flats"
