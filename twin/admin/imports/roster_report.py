"""What a page tells of a roster: how it was read, and its rows. Names are masked, births and numbers are not told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.gate import visible
from twin.admin.imports.report import SIGNS
from twin.base.runs import State
from twin.base.scope import Scope
from twin.people.models import Person, Residence, RosterRow, RosterRun
from twin.people.roster.masked import masked_changes, masked_note
from twin.people.roster.messages import REMARKS
from twin.places.models import Dwelling

Words = str | Promise

FIELDS: Mapping[str, Words] = {
    "household": _("household"),
    "name": _("name"),
    "head_name": _("head of the household"),
    "relation": _("relation to the head"),
    "role": _("relation to the head"),
    "sex": _("sex"),
    "birth_date": _("date of birth"),
    "identity": _("identity number"),
    "identity_kind": _("kind of document"),
    "phone": _("phone"),
    "address": _("address"),
    "registered_address": _("registered address"),
    "compound": _("compound"),
    "building": _("building"),
    "unit": _("unit"),
    "room": _("room"),
    "residence": _("lives there or is registered there"),
    "tenure": _("tenure"),
    "since": _("since"),
    "actual": _("lives at"),
    "registered": _("registered at"),
}
CHOICES: Mapping[str, Any] = {"sex": Person.Sex, "tenure": Residence.Tenure, "role": Residence.Role}


def read_as(run: RosterRun) -> list[tuple[Words, str]]:
    """How the file was understood, and of every sheet which column became what."""
    read = run.report.get("read_as")
    if not read:
        return []
    found: list[tuple[Words, str]] = [
        (_("Format"), " · ".join(part for part in (read["format"], read["encoding"]) if part)),
        (_("Source"), run.source),
    ]
    for sheet in read["sheets"]:
        title = say("Sheet %(sheet)s, header in row %(row)s") % {
            "sheet": sheet["name"],
            "row": sheet["header_row"],
        }
        columns = [f"{FIELDS.get(name, name)} ← {label}" for name, label in sheet["columns"].items()]
        found.append((title, "； ".join(columns)))
    return found


def rows_told(run: RosterRun, rows: Sequence[RosterRow], scope: Scope) -> list[dict[str, Any]]:
    """Rows of a page with their home; once it is applied, with the way to the person."""
    homes = visible(Dwelling.objects.select_related("building", "unit"), to=scope)
    homes = homes.filter(pk__in={row.dwelling_id for row in rows})
    named = {home.pk: f"{home.building} {home.unit or ''} {home.room}" for home in homes}
    applied = run.state == State.APPLIED
    return [
        {
            "row": row,
            "sign": SIGNS[row.verdict][0],
            "label": SIGNS[row.verdict][1],
            "home": named.get(row.dwelling_id or 0, ""),
            "person": reverse("admin:people_person_change", args=[row.person_id]) if applied and row.person_id else "",
            "changes": [_change(field, pair) for field, pair in masked_changes(row.changes).items()],
            "notes": [
                {**masked_note(one), "fault": one["code"] not in REMARKS} for one in row.notes
            ],
        }
        for row in rows
    ]  # fmt: skip


def _change(field: str, pair: list[Any]) -> dict[str, Any]:
    then, now = (_value(field, value) for value in pair)
    return {"field": FIELDS.get(field, field), "then": then, "now": now}


def _value(field: str, value: Any) -> str:
    if value in (None, ""):
        return say("empty")
    labels = dict(CHOICES[field].choices) if field in CHOICES else {}
    return str(labels.get(value, value))
