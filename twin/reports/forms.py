"""Saved reports as somebody else may run them: what is not theirs to ask is left out, and said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.base.errors import TwinError
from twin.base.scope import Scope
from twin.reports.asking import BY_PLACE, Asked, question_of
from twin.reports.field import ReportField
from twin.reports.models import ReportForm
from twin.reports.registry import FIELDS


@dataclass(frozen=True, slots=True)
class Opened:
    """What this viewer may run, and the fields that were left out. `problem`: why it cannot be run as it is."""

    asked: Asked
    left_out: tuple[str, ...]
    problem: TwinError | None = None


def opened(form: ReportForm, own: Scope) -> Opened:
    """Without a query. `own`: the viewer as a maker of reports."""
    asked = Asked.from_json(form.question)
    kept = tuple(name for name in asked.fields if _offered(asked.of, name, own))
    order = asked.order.removeprefix("-")
    stays = order == BY_PLACE or _offered(asked.of, order, own)
    allowed = replace(asked, fields=kept, order=asked.order if stays else BY_PLACE)
    return Opened(allowed, tuple(name for name in asked.fields if name not in kept))


def opened_and_tried(form: ReportForm, own: Scope) -> Opened:
    """The same, and whether its area, tags and fields are still there for this viewer."""
    found = opened(form, own)
    try:
        question_of(found.asked, form.community, own)
    except TwinError as error:
        return replace(found, problem=error)
    return found


def _offered(of: str, name: str, own: Scope) -> bool:
    field: ReportField | None = FIELDS.get((of, name))
    return field is not None and field.offered_to(own)
