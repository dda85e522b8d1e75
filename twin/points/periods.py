"""Days, weeks, months, quarters and years as people mean them: in their community's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """The values are what PostgreSQL's `date_trunc` calls them."""

    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


def bounds(period: str, moment: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """The period that holds this moment: its first instant, and the first one after it. Weeks begin on Monday.

    Raises ValueError for an unknown period.
    """
    zone = ZoneInfo(time_zone)
    midnight = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    begin = _begin(Period(period), midnight)
    return begin, _next(Period(period), begin)


def _begin(period: Period, midnight: datetime) -> datetime:
    if period is Period.DAY:
        return midnight
    if period is Period.WEEK:
        return midnight - timedelta(days=midnight.weekday())
    if period is Period.MONTH:
        return midnight.replace(day=1)
    if period is Period.QUARTER:
        return midnight.replace(month=midnight.month - (midnight.month - 1) % 3, day=1)
    return midnight.replace(month=1, day=1)


def _next(period: Period, begin: datetime) -> datetime:
    """Wall-clock arithmetic: a day with 23 hours is still one day."""
    if period in {Period.DAY, Period.WEEK}:
        return begin + timedelta(days=1 if period is Period.DAY else 7)
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[period]
    years, month = divmod(begin.month - 1 + months, 12)
    return begin.replace(year=begin.year + years, month=month + 1)
