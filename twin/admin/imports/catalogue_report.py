"""What a page tells of a catalogue of tags: how it was read, and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.admin.imports.report import SIGNS
from twin.base.notes import told_note
from twin.people.catalogue.messages import REMARKS
from twin.people.models import Tag, TagCatalogueRow, TagCatalogueRun, TagClass

Words = str | Promise
FIELDS: Mapping[str, Words] = {
    "class_1": _("tag class"), "class_2": _("tag class"), "class_3": _("tag class"), "class_code": _("code"),
}  # fmt: skip
MODELS: Mapping[str, Any] = {"tag": Tag, "class": TagClass}


def read_as(run: TagCatalogueRun) -> list[tuple[Words, str]]:
    """How the file was understood, and of every sheet which column became what."""
    read = run.report.get("read_as")
    if not read:
        return []
    found: list[tuple[Words, str]] = [
        (_("Format"), " · ".join(part for part in (read["format"], read["encoding"]) if part))
    ]
    for sheet in read["sheets"]:
        told = {"sheet": sheet["name"], "row": sheet["header_row"]}
        columns = [f"{_field(Tag, name)} ← {label}" for name, label in sheet["columns"].items()]
        found.append((say("Sheet %(sheet)s, header in row %(row)s") % told, "； ".join(columns)))
    if run.options.get("lower"):
        found.append(
            (_("Tags whose level may fall"), f"{', '.join(run.options['lower'])}: {run.options['why']}")
        )
    return found


def rows_told(rows: Sequence[TagCatalogueRow]) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "sign": SIGNS[row.verdict][0],
            "label": SIGNS[row.verdict][1],
            "page": _page_of(row) if row.about_id else "",
            "changes": [_change(row, field, pair) for field, pair in row.changes.items()],
            "notes": [{**told_note(one), "fault": one["code"] not in REMARKS} for one in row.notes],
        }
        for row in rows
    ]  # fmt: skip


def _page_of(row: TagCatalogueRow) -> str:
    return reverse(f"admin:people_{_model(row)._meta.model_name}_change", args=[row.about_id])


def _model(row: TagCatalogueRow) -> Any:
    return MODELS[row.kind]


def _change(row: TagCatalogueRow, field: str, pair: list[Any]) -> dict[str, Any]:
    then, now = (_value(_model(row), field, value) for value in pair)
    return {"field": _field(_model(row), field), "then": then, "now": now, "new": pair[0] is None}


def _field(model: Any, name: str) -> str:
    if name in FIELDS:
        return str(FIELDS[name])
    try:
        return str(model._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def _value(model: Any, field: str, value: Any) -> str:
    if value in (None, ""):
        return say("empty")
    try:
        labels = dict(model._meta.get_field(field).flatchoices)
    except (FieldDoesNotExist, AttributeError):
        labels = {}
    return str(labels.get(value, value))
