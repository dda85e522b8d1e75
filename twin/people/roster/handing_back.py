"""A roster that was sent, handed back to whoever sent it with its faults marked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from twin.base.notes import Note
from twin.people.models import RosterRun
from twin.people.roster.marking import mark
from twin.people.roster.runs import file_of
from twin.people.roster.workbook import open_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def marked_roster(run: RosterRun, rows: QuerySet[Any]) -> bytes:
    """An XLSX with every fault of these rows on its cell, unmasked: for who sent it only. Raises Conflict once the file has
    been forgotten."""
    book = open_workbook(file_of(run), encoding=run.options.get("encoding"))
    noted = {
        (sheet, number): [Note(one["code"], {k: v for k, v in one.items() if k != "code"}) for one in notes]
        for sheet, number, notes in rows.exclude(notes=[]).values_list("sheet", "number", "notes")
    }
    sheets = run.report.get("read_as", {}).get("sheets", [])
    return mark(book, noted, {sheet["name"]: sheet["header_row"] for sheet in sheets})
