"""A plan in words, on the terminal."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from twin.people.roster.messages import REMARKS
from twin.people.roster.plan import RosterPlan
from twin.people.roster.rows import Verdict

FAULTS_SHOWN = 30
ADDRESSES_SHOWN = 20


def tell(plan: RosterPlan, file_name: str, console: Console, *, dry_run: bool) -> None:
    """How the file was read, what happened to how many rows, and what has to be mended or decided."""
    for sheet in plan.read_as["sheets"]:
        console.print(
            f"{escape(file_name)}: {plan.read_as['format']} {plan.read_as['encoding']} · {escape(sheet['name'])}"
        )
        for name, label in sheet["columns"].items():
            console.print(f"  {name} ← {escape(label)}")
    counts = Table(*plan.counts, title=_("dry run: nothing was changed") if dry_run else _("applied"))
    counts.add_row(*(str(count) for count in plan.counts.values()))
    console.print(counts)
    for one in plan.notes:
        console.print(f"• {escape(one.message)}")
    _tell_faults(plan, console)


def _tell_faults(plan: RosterPlan, console: Console) -> None:
    shown, codes = 0, Counter[str]()
    for row in plan.rows:
        for one in row.notes:
            if one.code in REMARKS:
                continue
            codes[one.code] += 1
            if shown < FAULTS_SHOWN:
                shown += 1
                mark = "✗" if row.verdict == Verdict.REFUSE else "?" if row.verdict == Verdict.WAIT else "·"
                console.print(f"{mark} {escape(row.sheet)} {row.number}: {escape(one.message)}")
    if sum(codes.values()) > shown:
        console.print(f"… {sum(codes.values()) - shown}; --faults")
    for code, count in codes.most_common():
        console.print(f"  {count} × {code}")
