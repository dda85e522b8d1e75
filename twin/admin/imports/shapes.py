"""The shapes of a report, for the map beside it: no more than a browser can draw, and it is said when there are more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON, GeoFunc
from django.db.models import QuerySet

from twin.places.importing.kinds import kind_of
from twin.places.models import ImportRun

MOST = 3000
"""Shapes on one map: some two megabytes of footprints."""
DECIMALS = 7
"""A centimetre."""
TOLERANCE_DEGREES = 0.000002
"""Some 20 cm, below what is seen of a shift; long coasts and parks lose most of their corners."""


class Simplified(GeoFunc):
    function = "ST_SimplifyPreserveTopology"
    template = f"%(function)s(%(expressions)s, {TOLERANCE_DEGREES})"


def shapes_of(run: ImportRun, rows: QuerySet[Any], always: Sequence[int]) -> dict[str, Any]:
    """A GeoJSON FeatureCollection in EPSG:4326 of these rows; `total` says how many there are, `shown` how many are here.

    always: rows (ids) that are in it whatever their number. Of the others every outcome has its even share, so that a few
    refused rows are not lost between many new ones.
    """
    ids = set(always) | set(_evenly(rows))
    found = [*_drawn(rows.filter(pk__in=ids)), *_standing(run, rows.filter(pk__in=ids, shape=None))]
    return {"type": "FeatureCollection", "features": found, "shown": len(found), "total": rows.count()}


def _evenly(rows: QuerySet[Any]) -> Iterable[int]:
    by_verdict: dict[str, list[int]] = {}
    for verdict, pk in rows.order_by("number", "pk").values_list("verdict", "pk"):
        by_verdict.setdefault(verdict, []).append(pk)
    left, waiting = MOST, sorted(by_verdict.values(), key=len)
    for position, ids in enumerate(waiting):  # the rare ones first: what they leave is for the frequent ones
        share = min(len(ids), left // (len(waiting) - position))
        left -= share
        yield from (ids[len(ids) * n // share] for n in range(share))


def _drawn(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """Rows that have their shape themselves: those that were not applied yet."""
    drawn = rows.exclude(shape=None).annotate(json=AsGeoJSON(Simplified("shape"), precision=DECIMALS))
    columns = ("pk", "verdict", "source_id", "number", "json")
    return [_feature(*values) for values in drawn.values_list(*columns)]


def _standing(run: ImportRun, rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """Rows whose place has the shape: those that were applied, and places that end."""
    by_place = {row.place_id: row for row in rows.exclude(place_id=None).defer("notes", "changes")}
    kind = kind_of(run.kind)
    places = kind.model._default_manager.filter(pk__in=by_place, community=run.community_id)
    drawn = places.annotate(json=AsGeoJSON(Simplified(kind.shape), precision=DECIMALS))
    return [_feature(row.pk, row.verdict, row.source_id, row.number, text)
            for place_id, text in drawn.values_list("pk", "json") for row in [by_place[place_id]]]  # fmt: skip


def _feature(pk: int, verdict: str, source_id: str, number: int | None, text: str) -> dict[str, Any]:
    properties = {"verdict": verdict, "source_id": source_id, "number": number}
    return {"type": "Feature", "id": pk, "properties": properties, "geometry": json.loads(text)}
