"""Why an address was given to a place, or was not: each reason has a weight, and some of them are doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from twin.base.notes import Note, note, register_phrases

REASONS: dict[str, str] = {
    # what speaks for it
    "address_agrees": _("All that is written agrees with this place and with no other."),
    "address_decided": _("A clerk has decided where this address is."),
    "name_decided": _("A clerk has decided what %(name)s is."),
    "unit_of_one": _("The building has one unit only."),
    "one_such_room": _("No unit is stated; the building has one room %(room)s only."),
    "door_of_a_row": _("Door %(door)s is unit %(unit)s of the row %(row)s."),
    "floor_and_flat": _("Flat %(flat)s of floor %(floor)s is room %(room)s."),
    "one_place_only": _("No place is named; the community has one only."),
    "place_from_context": _("No place is named; it was told for the whole file or row."),
    "remark_left_out": _("“%(text)s” was left out."),
    # doubts
    "nothing_read": _("No address was recognised."),
    "no_place_named": _("Neither road nor compound is named."),
    "other_division": _("“%(text)s” is not where this community lies."),
    "division_unknown": _(
        "“%(text)s” cannot be checked: the community does not say in which district it lies."
    ),
    "name_unknown": _("“%(text)s” is no road, compound or building that is known."),
    "rest_not_understood": _("“%(text)s” was not understood."),
    "remark_is_vague": _("“%(text)s” may mean another place."),
    "no_such_building": _("No building agrees with all that is written."),
    "several_buildings": _("%(count)s buildings agree."),
    "several_rooms": _("%(count)s rooms agree; the unit is not stated."),
    "readings_disagree": _("It can be read in more than one way."),
    "no_such_unit": _("The building has no unit %(unit)s."),
    "no_such_room": _("There is no room %(room)s there."),
    "floor_disagrees": _("Room %(room)s is not on floor %(floor)s."),
    "part_of_a_room": _("Only room %(room)s as a whole is known, not its part %(part)s."),
    "may_be_below_ground": _("“-%(room)s” may be a room below ground, or room %(room)s behind a dash."),
    "differs": _("Differs: %(what)s."),
    "only_a_floor": _("Only floor %(floor)s is stated, and no room."),
    "not_cut": _("The building has not been cut into dwellings."),
}
register_phrases(REASONS)
WEIGHTS = {
    "unit_of_one": 0.02, "one_such_room": 0.05, "door_of_a_row": 0.05, "floor_and_flat": 0.05, "one_place_only": 0.05,
    "place_from_context": 0.02, "remark_left_out": 0.02, "name_decided": 0.02,
    # doubts
    "division_unknown": 0.2, "rest_not_understood": 0.2, "remark_is_vague": 0.2, "part_of_a_room": 0.2, "not_cut": 0.2,
    "only_a_floor": 0.2, "name_unknown": 0.3, "no_such_building": 0.3, "several_rooms": 0.3, "readings_disagree": 0.3,
    "no_such_unit": 0.3, "no_such_room": 0.3, "floor_disagrees": 0.3, "may_be_below_ground": 0.3, "differs": 0.3,
    "no_place_named": 0.4, "other_division": 0.4, "several_buildings": 0.4, "nothing_read": 1.0,
}  # fmt: skip
"""How much less certain a match is for it."""
DOUBT = 0.2
"""A reason that weighs as much is a doubt: somebody has to look."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Gathered while an address is compared with a place."""

    notes: tuple[Note, ...] = ()

    def add(self, code: str, **details: Any) -> Reasons:
        return Reasons((*self.notes, note(code, **details)))

    def __add__(self, other: Reasons) -> Reasons:
        return Reasons((*self.notes, *other.notes))

    @property
    def are_sound(self) -> bool:
        return all(WEIGHTS.get(one.code, 0.0) < DOUBT for one in self.notes)

    @property
    def confidence(self) -> float:
        """0 to 1, two decimals."""
        return round(max(0.0, 1.0 - sum(WEIGHTS.get(one.code, 0.0) for one in self.notes)), 2)


NO_REASONS = Reasons()
