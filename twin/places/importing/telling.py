"""A plan in words: on the terminal, and row by row for a spreadsheet."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Drawn

from twin.places.importing.plan import Plan
from twin.places.importing.rows import Row, Verdict

EXAMPLES = 3
REFUSED_SHOWN = 20


def tell(plan: Plan, console: Console, *, dry_run: bool, moved: int = 0) -> None:
    """How the file was read, what happened to how many rows, notes, and what was refused."""
    read = plan.read_as
    system = f"{read['system']} ({read['system_name']}), {read['system_how']}"
    console.print(
        f"{escape(plan.request.file_name)}: {read['format']} {read['layer']} · {system} {read['encoding']}"
    )
    for name, columns in read["columns"].items():
        console.print(f"  {name} ← {escape(', '.join(columns))}")
    counts = Drawn(*plan.counts, title=_("dry run: nothing was changed") if dry_run else _("applied"))
    counts.add_row(*(str(count) for count in plan.counts.values()))
    console.print(counts)
    for one in plan.notes:
        console.print(f"• {one.code}: {escape(one.message)}")
    _tell_row_notes(plan, console)
    refused = [row for row in plan.rows if row.verdict == Verdict.REFUSE]
    for row in refused[:REFUSED_SHOWN]:
        console.print(f"✗ {_row_name(row)}: {row.notes[0].code}: {escape(row.notes[0].message)}")
    if len(refused) > REFUSED_SHOWN:
        console.print(f"✗ … {len(refused) - REFUSED_SHOWN}; --rows")
    if moved:
        console.print(_("%(count)d buildings moved to another grid.") % {"count": moved})


def _tell_row_notes(plan: Plan, console: Console) -> None:
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for row in plan.rows:
        if row.verdict == Verdict.REFUSE:
            continue
        for one in row.notes:
            counts[one.code] += 1
            if counts[one.code] <= EXAMPLES:
                examples.setdefault(one.code, []).append(f"{_row_name(row)}: {one.message}")
    for code, count in counts.most_common():
        console.print(f"· {count} × {code}: {escape(examples[code][0])}")


def _row_name(row: Row) -> str:
    return escape(f"{row.number} ({row.source_id})" if row.source_id else str(row.number))


def write_rows(plan: Plan, writer: Any) -> None:
    """Every row: number, id, verdict, place, what changes, and the notes as codes and words."""
    writer.writerow(["row", "source_id", "verdict", "joined_into", "place_id", "changes", "codes", "notes"])
    for row in plan.rows:
        changes = "; ".join(f"{field}: {then} → {now}" for field, (then, now) in row.changes.items())
        codes = ", ".join(one.code for one in row.notes)
        words = " ".join(one.message for one in row.notes)
        cells = [row.source_id, row.verdict, row.joined_into, row.place_id, changes, codes, words]
        writer.writerow([row.number, *(_harmless(cell) for cell in cells)])


def _harmless(cell: Any) -> Any:
    """A spreadsheet must not take what a file says for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
