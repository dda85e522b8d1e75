"""How households are called in what is told of points: by the masked name of their head."""

from __future__ import annotations

from collections.abc import Iterable

from twin.people.masking import masked_name
from twin.people.models import Residence


def called(household_ids: Iterable[int]) -> dict[int, str]:
    """The masked names of heads: no more than what a board in the stairwell says. One query."""
    rows = Residence.objects.current().filter(household__in=list(household_ids), role=Residence.Role.HEAD)
    names = rows.order_by("-basis").values_list("household", "person__name")
    return {household: masked_name(name) for household, name in names}
