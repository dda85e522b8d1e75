"""The rows of a layer that a viewer may see."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from layers.layer import Layer
from twin.access.gate import visible
from twin.base.scope import Scope


def rows_of(layer: Layer, community_id: int, scope: Scope) -> QuerySet[Any]:
    return visible(layer.rows(), to=scope).filter(community=community_id)
