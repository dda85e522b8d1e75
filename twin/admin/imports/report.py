"""What a page tells of an import, in the words of whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.base.notes import phrase_of, told_note
from twin.base.runs import FileRun
from twin.base.sentences import told
from twin.places.importing.kinds import kind_of
from twin.places.importing.known import SHAPE
from twin.places.importing.remedies import remedy_of
from twin.places.models import Compound, Grid, ImportRow, ImportRun

Words = str | Promise

SIGNS: Mapping[str, tuple[str, Words]] = {
    ImportRow.Verdict.CREATE: ("+", _("comes in new")),
    ImportRow.Verdict.CHANGE: ("~", _("changes")),
    ImportRow.Verdict.UNCHANGED: ("=", _("stays as it is")),
    ImportRow.Verdict.JOIN: ("∪", _("part of another row")),
    "wait": ("?", _("waits for its address")),
    ImportRow.Verdict.REFUSE: ("✕", _("refused")),
    ImportRow.Verdict.END: ("†", _("ends")),
}
STEPS: Mapping[str, Words] = {
    "": _("Waiting for its turn"),
    "read": _("Reading the file"),
    "read_rows": _("Reading the rows"),
    "place": _("Finding the addresses"),
    "compare": _("Comparing with what is there"),
    "end": _("Ending what is no more"),
    "create": _("Writing what is new"),
    "change": _("Writing changes"),
    "residences": _("Writing who lives where"),
}
HOW: Mapping[str, Words] = {
    "stated": _("as you stated"),
    "read": _("as the file says"),
    "by_format": _("as the format has it"),
}
IDS: Mapping[str, Words] = {
    "column": _("by the column"),
    "feature_id": _("by the ids of the features"),
    "name": _("by their names"),
    "shape": _("by their shapes"),
}
FIELDS: Mapping[str, Words] = {
    SHAPE: _("shape"),
    "source_id": _("id in the source"),
    "parent": _("grid above"),
    "street": _("street"),
    "house_number": _("house number"),
    "floors": _("floors"),
    "floors_below": _("floors below ground"),
    "height": _("height"),
    "base": _("height of its base"),
    "units": _("units"),
    "flats": _("flats per floor"),
    "year": _("year built"),
}
NAMES_OF: Mapping[str, type[Model]] = {"compound_id": Compound, "grid_id": Grid}
PLACES = "…"
PLACE = re.compile(r"%\((\w+)\)s")


def counts_of(run: Any) -> list[dict[str, Any]]:
    """One entry for each verdict that there is for such files, with its sign."""
    counts, verdicts = run.report.get("counts", {}), run.rows.model.Verdict.values
    return [
        {"verdict": verdict, "sign": sign, "label": label, "count": counts.get(verdict, 0)}
        for verdict, (sign, label) in SIGNS.items()
        if verdict in verdicts
    ]


def read_as(run: ImportRun) -> list[tuple[Words, str]]:
    """How the file was understood, line by line; nothing before it was read."""
    read = run.report.get("read_as")
    if not read:
        return []
    found: list[tuple[Words, str]] = [
        (_("Format"), " · ".join(part for part in (read["format"], read["layer"], read["encoding"]) if part)),
        (_("Coordinate system"), f"{read['system']} ({read['system_name']}), {HOW[read['system_how']]}"),
        (_("Places are known"), f"{IDS[read['id']]} {read['id_column'] or ''}".strip()),
        (_("Source"), run.source),
    ]
    if read["columns"]:
        model = kind_of(run.kind).model
        pairs = [
            f"{field_name(model, name)} ← {', '.join(columns)}" for name, columns in read["columns"].items()
        ]
        found.append((_("Columns"), "； ".join(pairs)))
    unread = [column for column in read["unread"] if column != read["id_column"]]
    if unread:
        found.append((_("Columns that were not read"), ", ".join(unread)))
    return found


def notes_of(run: FileRun) -> list[dict[str, Any]]:
    """On the whole file."""
    return [{**told_note(one), "remedy": remedy_of(one["code"])} for one in run.report.get("notes", [])]


def error_of(run: FileRun) -> dict[str, Any] | None:
    """Why the file was refused as a whole, or failed, and what would be right."""
    if not run.error:
        return None
    return {**told_note(run.error), "remedy": remedy_of(run.error["code"])}


def reasons_of(run: FileRun) -> list[dict[str, Any]]:
    """Why rows were refused: how many for each reason, and what helps."""
    reasons = run.report.get("reasons", {})
    return [
        {"code": code, "title": title_of(code), "count": count, "remedy": remedy_of(code)}
        for code, count in reasons.items()
    ]


def remarks_of(run: FileRun) -> list[dict[str, Any]]:
    """What else rows were noted for."""
    reasons = run.report.get("reasons", {})
    noted = run.report.get("row_notes", {})
    return [
        {"code": code, "title": title_of(code), "count": count}
        for code, count in noted.items()
        if code not in reasons
    ]


def title_of(code: str) -> str:
    """A note without the details of any one row."""
    phrase = phrase_of(code)
    return told(phrase, dict.fromkeys(PLACE.findall(str(phrase)), PLACES))


def rows_told(run: ImportRun, rows: Sequence[ImportRow]) -> list[dict[str, Any]]:
    """Rows of a page, with names for ids."""
    model = kind_of(run.kind).model
    names = _names(rows)
    return [
        {
            "row": row,
            "sign": SIGNS[row.verdict][0],
            "label": SIGNS[row.verdict][1],
            "changes": [
                {"field": field_name(model, field), "then": _value(model, field, then, names),
                 "now": _value(model, field, now, names), "shape": field == SHAPE}
                for field, (then, now) in row.changes.items()
            ],
            "notes": [_note(row, one, first) for first, one in enumerate(row.notes)],
            "place": place_page(model, row.place_id) if row.place_id and row.verdict != ImportRow.Verdict.END else "",
        }
        for row in rows
    ]  # fmt: skip


def _note(row: ImportRow, kept: dict[str, Any], position: int) -> dict[str, Any]:
    reason = position == 0 and row.verdict == ImportRow.Verdict.REFUSE
    return {**told_note(kept), "reason": reason, "remedy": remedy_of(kept["code"]) if reason else ""}


def place_page(model: type[Model], pk: int) -> str:
    return reverse(f"admin:places_{model._meta.model_name}_change", args=[pk])


def field_name(model: type[Model], name: str) -> str:
    """What people call a field."""
    if name in FIELDS:
        return str(FIELDS[name])
    try:
        return str(model._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _names(rows: Iterable[ImportRow]) -> dict[tuple[str, Any], str]:
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for field, pair in row.changes.items():
            if field in NAMES_OF:
                wanted.setdefault(field, set()).update(pk for pk in pair if isinstance(pk, int))
    return {
        (field, place.pk): str(place)
        for field, ids in wanted.items()
        for place in NAMES_OF[field]._default_manager.filter(pk__in=ids)
    }


def _value(model: type[Model], field: str, value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    if value in (None, "", []):
        return say("empty")
    if field in NAMES_OF and isinstance(value, int):
        return names.get((field, value), str(value))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    try:
        choices = dict(model._meta.get_field(field).flatchoices)  # type: ignore[union-attr]
    except (FieldDoesNotExist, AttributeError):
        choices = {}
    return str(choices.get(value, localize(value)))
