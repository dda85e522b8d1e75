"""People hang on buildings: whoever ends one is told how many would be without a dwelling."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from twin.people.models import Residence
from twin.places.models import Building, Place
from twin.places.ties import register_tie


def people_in(model: type[Place], ids: Sequence[int]) -> dict[int, int]:
    """Who lives or is registered there now."""
    if model is not Building:
        return {}
    rows = Residence.objects.current().filter(dwelling__building__in=ids).order_by()
    counted = rows.values("dwelling__building").annotate(count=Count("person", distinct=True))
    return dict(counted.values_list("dwelling__building", "count"))


register_tie(
    "people",
    _(
        "%(count)s people live or are registered in it; they stay without a dwelling until somebody places them."
    ),
    people_in,
)
