"""A plan in words, on the terminal."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Drawn

from twin.places.importing.plan import Plan
from twin.places.importing.rows import Row, Verdict

EXAMPLES = 3
SHOWN = 20


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
    for sign, verdict in (("†", Verdict.END), ("✗", Verdict.REFUSE)):
        told = [row for row in plan.entries if row.verdict == verdict]
        for row in told[:SHOWN]:
            words = " ".join(one.message for one in (row.notes if verdict == Verdict.END else row.notes[:1]))
            console.print(f"{sign} {_row_name(row)}: {row.notes[0].code}: {escape(words)}")
        if len(told) > SHOWN:
            console.print(f"{sign} … {len(told) - SHOWN}; --rows")
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
    return escape(f"{row.number or '–'} ({row.source_id})" if row.source_id else str(row.number))
