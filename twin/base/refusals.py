"""Why something was not saved, in the language of whoever reads it. The database's triggers speak English; what they said
is known by its form, what a constraint forbids by its name."""

from __future__ import annotations

import re
from functools import cache

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint
from django.utils.functional import lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as known

from twin.base.errors import TwinError

SENTENCES = (
    known("grid %(grid)s overlaps its sibling %(other)s by %(area)s m²"),
    known("building %(building)s lies in grid %(grid)s of another community"),
    known("building %(building)s lies in grid %(grid)s, which is no leaf"),
    known("grid %(grid)s is drawn below a grid that still holds buildings"),
    known("grid %(grid)s has ended but still holds buildings"),
)
CONSTRAINTS = {
    "community_has_one_root_grid": _(
        "Choose the grid above it: a community has one at the top, and has it already."
    ),
    "community_has_one_unassigned_grid": _(
        "A community has one grid for what is unassigned, and has it already."
    ),
    "sibling_grids_have_different_names": _("There is a grid with this name beside it already."),
    "compound_name_is_unique": _("There is a compound with this name already."),
    "building_height_0_to_1000_m": _("A building is more than 0 and at most 1000 m high."),
    "building_has_at_most_200_floors": _("A building has at most 200 floors above ground and 20 below."),
    "only_a_stairwell_head_has_a_unit": _("Only a stairwell head has a unit."),
    "a_stairwell_head_has_a_unit": _("A stairwell head needs a unit."),
    "role_ends_after_it_starts": _("A role ends after it starts."),
    "a_token_acts_for_a_user_unless_it_is_a_device": _(
        "A token acts for a user, unless it is a device gateway's."
    ),
    "alarm_rule_severity_1_to_4": _("The severity is 1 to 4."),
    "nothing_crosses_communities": _("What belongs together belongs to one community."),
    "a_tag_is_given_to_what_it_applies_to": _("A tag is given to what it applies to."),
    "who_lives_in_a_household_lives_in_its_dwelling": _("The household lives in another dwelling."),
}
PLACEHOLDER = re.compile(r"%\\?\((\w+)\\?\)s")


def reason_of(error: TwinError | IntegrityError) -> str:
    """A sentence in the language of the reader; what is not known by its form is said as it came."""
    if isinstance(error, TwinError):
        return error.message
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    own = constraint_named(name)
    if name in CONSTRAINTS:
        return str(CONSTRAINTS[name])
    if own is not None and own.violation_error_message != own.default_violation_error_message:
        return str(own.violation_error_message)
    return translated(getattr(diagnosis, "message_primary", None) or str(error))


reason_later = lazy(reason_of, str)
"""As a filling of a sentence that is read later, perhaps in another language."""


def translated(message: str) -> str:
    for sentence in SENTENCES:
        match = _form(sentence).fullmatch(message)
        if match:
            return say(sentence) % match.groupdict()
    return message


@cache
def _form(sentence: str) -> re.Pattern[str]:
    return re.compile(PLACEHOLDER.sub(r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL)


def constraint_named(name: str) -> BaseConstraint | None:
    found = (c for model in apps.get_models() for c in model._meta.constraints if c.name == name)
    return next(found, None)
