"""What each kind of place reads from a row, and how it is compared and kept."""

from twin.places.importing.kinds.kind import Context, PlaceKind
from twin.places.importing.kinds.registry import KINDS, kind_of

__all__ = ["KINDS", "Context", "PlaceKind", "kind_of"]
