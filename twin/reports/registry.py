"""All fields of reports, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from twin.base.scope import Scope
from twin.reports.field import ReportField, Subject
from twin.reports.fields_of_households import fields_of_households
from twin.reports.fields_of_people import fields_of_people
from twin.reports.fields_of_places import fields_of_places


def _declared() -> dict[tuple[str, str], ReportField]:
    of_households = (*fields_of_places(Subject.HOUSEHOLD), *fields_of_households(Subject.HOUSEHOLD))
    of_people = (
        *fields_of_people(),
        *fields_of_places(Subject.PERSON),
        *fields_of_households(Subject.PERSON),
    )
    return {(field.of, field.id): field for field in (*of_households, *of_people)}


FIELDS: Mapping[tuple[str, str], ReportField] = MappingProxyType(_declared())


def fields_for(scope: Scope) -> list[ReportField]:
    """Those that this viewer, asking as a maker of reports, may tick."""
    return [field for field in FIELDS.values() if field.offered_to(scope)]
