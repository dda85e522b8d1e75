"""The report row by row, for a spreadsheet: of a plan, and of a run that somebody looks at later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from twin.places.importing.notes import told_note
from twin.places.importing.remedies import remedy_of
from twin.places.importing.rows import Row
from twin.places.models.importing import ImportRow

Cells = list[Any]


def header() -> Cells:
    return [
        _("row"),
        _("source_id"),
        _("verdict"),
        _("joined_into"),
        _("place_id"),
        _("changes"),
        _("codes"),
        _("notes"),
    ]


def lines_of(rows: Iterable[Row]) -> Iterator[Cells]:
    """Of a plan: number, id, verdict, place, what changes, and the notes as codes and words."""
    for row in rows:
        said = [(one.code, one.message) for one in row.notes]
        yield _line(row.number or None, row, row.changes, said)


def lines_of_stored(rows: Iterable[ImportRow]) -> Iterator[Cells]:
    """Of a run, for who reads and does not compute: verdicts in words, and after a refusal what helps."""
    for row in rows:
        notes = [told_note(one) for one in row.notes]
        said = [(one["code"], one["message"]) for one in notes]
        if row.verdict == ImportRow.Verdict.REFUSE and notes:
            said.append(("", remedy_of(notes[0]["code"])))
        yield _line(row.number, row, row.changes, said, str(row.get_verdict_display()))


def _line(
    number: int | None,
    row: Row | ImportRow,
    changes: Mapping[str, Sequence[Any]],
    notes: list[tuple[str, str]],
    verdict: str = "",
) -> Cells:
    changed = "; ".join(f"{field}: {then} → {now}" for field, (then, now) in changes.items())
    codes = ", ".join(code for code, _message in notes if code)
    words = " ".join(message for _code, message in notes)
    cells = [row.source_id, verdict or str(row.verdict), row.joined_into, row.place_id, changed, codes, words]
    return [number, *(_harmless(cell) for cell in cells)]


def _harmless(cell: Any) -> Any:
    """A spreadsheet must not take what a file says for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
