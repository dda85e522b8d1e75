"""Roles are held at units and grids: whoever ends such a place is told how many end with it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twin.access.models import Role
from twin.places.models import Building, Grid, Place
from twin.places.ties import register_tie

HELD_AT: dict[type[Place], str] = {Building: "unit__building", Grid: "grid"}


def roles_at(model: type[Place], ids: Sequence[int]) -> dict[int, int]:
    place = HELD_AT.get(model)
    if place is None:
        return {}
    held = Role.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), **{f"{place}__in": ids})
    return dict(held.order_by().values(place).annotate(count=Count("id")).values_list(place, "count"))


register_tie("roles", _("%(count)s roles that are held there end."), roles_at)
