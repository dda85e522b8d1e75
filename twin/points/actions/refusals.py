"""What the database refused, said as an error that names the reason: its constraints have names and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.db import IntegrityError
from django.db.models import CheckConstraint
from django.utils.translation import gettext_noop as known
from django.utils.translation import override

from twin.base.errors import Conflict, Invalid

# Constraints that have no sentence of their own: code and sentence.
CODES = {
    "points_entry_reverses_id_key": "already_reversed",
    "points_entry_claim_id_key": "already_decided",
    "nobody_spends_more_than_there_is": "not_enough_points",
    "everyone_votes_once": "has_voted",
    "a_family_stands_once_in_a_vote": "stands_already",
}
REFUSALS = {
    "points_entry_reverses_id_key": known("This entry has been reversed already."),
    "points_entry_claim_id_key": known("This claim has been decided already."),
    "nobody_spends_more_than_there_is": known("There are not enough points for this."),
    "everyone_votes_once": known("You have voted already."),
    "a_family_stands_once_in_a_vote": known("This family stands already."),
    "one_version_at_a_time": known("There is a version from that moment already."),
}


@contextmanager
def said_why() -> Iterator[None]:
    """Turn a refusal of one of this room's constraints into Invalid or Conflict; anything else is a fault of the program."""
    try:
        yield
    except IntegrityError as error:
        raise _refusal(error) from error


def _refusal(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if name in REFUSALS:
        return Conflict(REFUSALS[name], code=CODES.get(name, name))
    CHECKS, KEYS = _sentences(CheckConstraint), _sentences(object)
    if name in CHECKS:
        return Invalid(CHECKS[name], code=name)
    return Conflict(KEYS[name], code=name) if name in KEYS else error


@cache
def _sentences(kind: type) -> Mapping[str, str]:
    """The sentences of the room's constraints of a kind, in English, as the catalogue knows them."""
    with override("en"):
        return {
            constraint.name: str(constraint.violation_error_message)
            for model in apps.get_app_config("points").get_models()
            for constraint in model._meta.constraints
            if isinstance(constraint, kind)
            and constraint.violation_error_message != constraint.default_violation_error_message
        }
