"""Filters that many lists share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django_filters.fields import IsoDateTimeField

from twin.base.errors import Invalid
from twin.places.models import Grid


def number_of(text: str, where: str) -> int:
    """An id from an address. Raises Invalid for what is no number."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid("This is no number.", where=where)
    return int(text)


class IdFilter(django_filters.NumberFilter):
    """An id, as a bare number. Unlike a choice among rows it neither asks the database nor tells whether the row exists."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_value": 1, "max_value": 2**53, **kwargs})


class MomentField(IsoDateTimeField):
    """A moment in UTC: the database takes no time zone that is further off than sixteen hours."""

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A moment, ISO 8601."""

    field_class = MomentField


class BelowGridFilter(IdFilter):
    """A grid and all grids below it, for rows with a `grid`."""

    def filter(self, rows: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        if value is None:
            return rows
        path = Grid.objects.filter(pk=value).values_list("path", flat=True).first()
        return rows.none() if path is None else rows.filter(grid__path__startswith=path)
