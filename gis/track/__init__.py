"""A patrol track from raw fixes: which fixes count, where someone walked, where they stood, and how far it
was.

    fixes    Fixes, the raw columns as a phone sends them rules    TrackRules, the thresholds, and Reason,
    why a fix does not count faults   fixes that are wrong one by one: place, clock, accuracy, mocked,
    repeated, outside the shift, teleports stays    walking against standing, so that eight hours of GPS
    noise are no distance track    clean(): all of it in order, stretches and metres
"""

from gis.track.fixes import Fixes
from gis.track.rules import KEPT_REASONS, Reason, TrackRules
from gis.track.track import CleanTrack, Stretch, clean, simplified

__all__ = [
    "KEPT_REASONS",
    "CleanTrack",
    "Fixes",
    "Reason",
    "Stretch",
    "TrackRules",
    "clean",
    "simplified",
]
