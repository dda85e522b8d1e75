"""A plan in words, on the terminal."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from twin.people.catalogue.plan import CataloguePlan
from twin.people.catalogue.rows import CatalogueRow, Verdict

SIGNS = {Verdict.CREATE: "+", Verdict.CHANGE: "~", Verdict.REFUSE: "✗"}


def tell(plan: CataloguePlan, file_name: str, console: Console, *, dry_run: bool) -> None:
    """How the file was read, what happened to how many rows, and row by row what is new, changes or is refused."""
    for sheet in plan.read_as["sheets"]:
        console.print(f"{escape(file_name)}: {plan.read_as['format']} · {escape(sheet['name'])}")
        for name, label in sheet["columns"].items():
            console.print(f"  {name} ← {escape(label)}")
    counts = Table(*plan.counts, title=_("dry run: nothing was changed") if dry_run else _("applied"))
    counts.add_row(*(str(count) for count in plan.counts.values()))
    console.print(counts)
    for one in plan.notes:
        console.print(f"• {escape(one.message)}")
    for row in plan.rows:
        if row.verdict in SIGNS:
            _tell_row(row, console)


def _tell_row(row: CatalogueRow, console: Console) -> None:
    name = row.said.get("name", "")
    console.print(
        f"{SIGNS[Verdict(row.verdict)]} {escape(row.sheet)} {row.number}: {escape(f'{row.code} {name}')}"
    )
    if row.verdict == Verdict.CHANGE:
        for field, (then, now) in row.changes.items():
            console.print(f"    {field}: {escape(str(then))} → {escape(str(now))}")
    for one in row.notes:
        console.print(f"    {escape(one.message)}")
