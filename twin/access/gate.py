"""The one gate. API, tiles, features, search, exports, admin and live joins read rows through `visible()`."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from twin.base.errors import NotVisible
from twin.base.scope import Scope

M = TypeVar("M", bound=models.Model)


def visible(rows: models.QuerySet[M], *, to: Scope) -> models.QuerySet[M]:
    """The rows that this scope may see. Raises TypeError for rows whose queryset does not say who may see them."""
    rule = getattr(rows, "visible_to", None)
    if rule is None:
        raise TypeError(f"{rows.model.__name__} has no visible_to(): say who may see it before showing it")
    return rule(to)


def fetch(rows: models.QuerySet[M], *, to: Scope, **lookup: object) -> M:
    """The one visible row. Raises NotVisible whether it is hidden or does not exist: the two must look alike."""
    row = visible(rows, to=to).filter(**lookup).first()
    if row is None:
        raise NotVisible("There is nothing here for you.")
    return row
