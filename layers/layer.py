"""A layer is declared once, as data. Tiles, panels, features, manifest, legend and style derive from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable


class Audience(StrEnum):
    """STAFF: every staff role of the community, all of it. GRANTED: what the viewer's scope covers, and no more."""

    STAFF = "staff"
    GRANTED = "granted"


class Shape(StrEnum):
    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Text:
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Zoom:
    """The zooms at which tiles are made; above `maximum` the client stretches the deepest."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend. The symbol is there because colour is never the only sign."""

    label: Text
    colour: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Layer:
    """What is shown and to whom.

    `rows` gives the queryset, whose `visible_to` decides who sees which; `geometry` is the field that is drawn;
    `properties` are the facts that travel with the shape: field names, or name -> expression. A STAFF layer is
    served as tiles (`tiles`) or wall panels (`panels_zoom`); a GRANTED one as features and live facts (`stream`).
    """

    name: str
    title: Text
    group: str
    shape: Shape
    rows: Callable[[], QuerySet[Any]]
    geometry: str
    audience: Audience
    properties: Mapping[str, str | Combinable] = field(default_factory=dict)
    tiles: Zoom | None = None
    panels_zoom: int | None = None
    stream: str | None = None
    style: tuple[Mapping[str, Any], ...] = ()
    legend: tuple[Entry, ...] = ()
    visible: bool = True

    def __post_init__(self) -> None:
        shapes = self.tiles is not None or self.panels_zoom is not None
        if shapes and self.audience is not Audience.STAFF:
            raise ValueError(f"layer {self.name}: a fact for some viewers only never goes into a shared file")
        if not shapes and self.stream is None:
            raise ValueError(f"layer {self.name} reaches nobody: give it tiles, panels_zoom or a stream")

    def __str__(self) -> str:
        return self.name
