"""Named questions about devices and alarms. Both are GRANTED facts: a role sees those below its own place."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from twin.base.scope import Scope


class AgreementQuerySet(models.QuerySet[Any]):
    """Device kinds and alarm rules: what a community has agreed on, for all of its staff."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=scope.staff_of)

    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class KindQuerySet(AgreementQuerySet):
    """Device kinds."""


class RuleQuerySet(AgreementQuerySet):
    """Alarm rules."""


class DeviceQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        granted = scope.within("grid__path", "dwelling__unit")
        if scope.unit_ids:
            granted |= Q(unit__in=scope.unit_ids)
        return self.filter(granted)

    def standing(self) -> Self:
        """Not retired."""
        return self.filter(ended_at=None)

    def in_building(self, *building_ids: int) -> Self:
        """In one of its dwellings, in a stairwell, or on the building itself."""
        return self.filter(
            Q(building__in=building_ids)
            | Q(unit__building__in=building_ids)
            | Q(dwelling__building__in=building_ids)
        )

    def in_unit(self, unit_id: int) -> Self:
        """In one of its dwellings, or in the stairwell itself."""
        return self.filter(Q(unit=unit_id) | Q(dwelling__unit=unit_id))

    def silent_at(self, moment: datetime, listening_since: datetime | None = None) -> Self:
        """Online, but by that moment (UTC) not heard of for longer than their kind may be silent, and listened to for
        as long."""
        listened_to = (
            self if listening_since is None else self.filter(kind__offline_after__lt=moment - listening_since)
        )
        return listened_to.filter(
            ended_at=None,
            state=self.model.State.ONLINE,
            kind__offline_after__isnull=False,
            last_seen_at__lt=moment - F("kind__offline_after"),
        )

    def with_place(self) -> Self:
        """With everything that a device's fact and address say, in one query, and without shapes."""
        return self.select_related(
            "kind", "grid", "building", "unit__building", "dwelling__unit", "dwelling__building"
        ).defer(
            "grid__geometry",
            "building__footprint",
            "unit__entrance",
            "unit__building__footprint",
            "dwelling__footprint",
            "dwelling__walls",
            "dwelling__unit__entrance",
            "dwelling__building__footprint",
        )


class AlarmQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(scope.within("grid__path", "unit"))

    def open(self) -> Self:
        """Not closed by people, whatever the device says."""
        return self.filter(closed_at=None)

    def pending(self) -> Self:
        """Nobody has taken them on yet: what the bell counts."""
        return self.filter(closed_at=None, handling=self.model.Handling.NEW)

    def with_place(self) -> Self:
        """With everything that an alarm's fact and address say, in one query, and without shapes."""
        return self.select_related(
            "rule", "device__kind", "grid", "building__compound", "unit", "dwelling"
        ).defer(
            "grid__geometry",
            "building__footprint",
            "building__compound__geometry",
            "unit__entrance",
            "dwelling__footprint",
            "dwelling__walls",
        )

    def with_people(self) -> Self:
        """With those who have acknowledged and closed them."""
        return self.select_related("acked_by", "closed_by")


class ReadingQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever may see the device."""
        granted = scope.within("device__grid__path", "device__dwelling__unit")
        if scope.unit_ids:
            granted |= Q(device__unit__in=scope.unit_ids)
        return self.filter(granted)
