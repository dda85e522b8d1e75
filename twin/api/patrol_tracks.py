"""A track as GeoJSON: where somebody walked, where they stood, and which fixes did not count, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from shapely.geometry import mapping

from gis.track import KEPT_REASONS, Reason, Stretch, simplified
from twin.patrol.tracks import Track

TOLERANCE_M = 1.0
"""A line has fewer points than there are fixes, and none further off than this."""
DIGITS = 7


class TrackSummary(serializers.Serializer[Any]):
    distance_m = serializers.FloatField()
    walked_s = serializers.FloatField()
    stayed_s = serializers.FloatField()
    fixes = serializers.IntegerField(help_text="Raw fixes of the shift, all of them kept")
    reasons = serializers.DictField(
        child=serializers.IntegerField(), help_text="Why fixes add no distance, and how many"
    )


class TrackProperties(serializers.Serializer[Any]):
    """Of a walk or stay: when, and metres walked. Of a removed fix: when, why, and its stated accuracy."""

    part = serializers.ChoiceField(["walk", "stay", "removed"])
    started_at = serializers.DateTimeField(required=False)
    ended_at = serializers.DateTimeField(required=False)
    distance_m = serializers.FloatField(required=False)
    at = serializers.DateTimeField(required=False)
    reason = serializers.ChoiceField([str(reason) for reason in Reason], required=False)
    accuracy_m = serializers.FloatField(required=False, allow_null=True)


class TrackFeature(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["Feature"])
    geometry = serializers.SerializerMethodField()
    properties = TrackProperties()

    @extend_schema_field(
        {"type": "object", "nullable": True, "description": "LineString or Point, EPSG:4326"}
    )
    def get_geometry(self, feature: dict[str, Any]) -> dict[str, Any] | None:
        return feature["geometry"]


class TrackDocument(serializers.Serializer[Any]):
    """GeoJSON with a `summary`."""

    type = serializers.ChoiceField(["FeatureCollection"])
    features = TrackFeature(many=True)
    summary = TrackSummary()


def document_of(track: Track) -> dict[str, Any]:
    cleaned = track.cleaned
    reasons = Counter(str(reason) for reason in cleaned.reasons if reason is not None)
    return {
        "type": "FeatureCollection",
        "features": [*map(_stretch, cleaned.stretches), *_removed(track)],
        "summary": {
            "distance_m": round(cleaned.distance_m, 1),
            "walked_s": round(cleaned.walked_s, 1),
            "stayed_s": round(cleaned.stayed_s, 1),
            "fixes": len(track.fixes),
            "reasons": dict(sorted(reasons.items())),
        },
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    if stretch.staying or len(stretch.places) < 2:
        middle = np.round(stretch.places.mean(axis=0), DIGITS).tolist()
        geometry: dict[str, Any] = {"type": "Point", "coordinates": middle}
    else:
        line = mapping(simplified(stretch.line, TOLERANCE_M))
        geometry = {"type": "LineString", "coordinates": np.round(line["coordinates"], DIGITS).tolist()}
    known = {
        "part": "stay" if stretch.staying else "walk",
        "started_at": _iso(stretch.started_at),
        "ended_at": _iso(stretch.ended_at),
        "distance_m": round(stretch.distance_m, 1),
    }
    return {"type": "Feature", "geometry": geometry, "properties": known}


def _removed(track: Track) -> Iterator[dict[str, Any]]:
    """Fixes that were taken off the track. One at (0, 0) was nowhere, and is drawn nowhere."""
    fixes = track.fixes
    for n, reason in enumerate(track.cleaned.reasons):
        if reason is None or reason in KEPT_REASONS:
            continue
        place = [round(float(fixes.lon[n]), DIGITS), round(float(fixes.lat[n]), DIGITS)]
        nowhere = reason is Reason.NULL_ISLAND
        accuracy = float(fixes.accuracy_m[n])
        known = {
            "part": "removed",
            "at": _iso(float(fixes.at[n])),
            "reason": str(reason),
            "accuracy_m": None if np.isnan(accuracy) else accuracy,
        }
        geometry = None if nowhere else {"type": "Point", "coordinates": place}
        yield {"type": "Feature", "geometry": geometry, "properties": known}


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
