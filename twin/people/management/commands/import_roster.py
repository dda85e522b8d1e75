from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override
from rich.console import Console

from twin.base.errors import TwinError
from twin.base.terminal import progress_on
from twin.people.roster.marking import mark, noted_rows
from twin.people.roster.plan import Options, RosterPlan, RosterRequest, make_plan
from twin.people.roster.runs import import_roster
from twin.people.roster.telling import tell
from twin.people.roster.workbook import open_workbook
from twin.places.importing.asking import community_named, source_of
from twin.places.management.commands.import_places import pairs


class Command(BaseCommand):
    help = (
        "Bring a roster of residents in from a spreadsheet: XLSX or CSV. With --dry-run it is only told what would happen; "
        "without, it happens, all or nothing. Rows whose address is doubtful wait until a clerk has decided."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--community", required=True, help="id or name")
        parser.add_argument("--source", help="name under which its people are known; else the file's name")
        parser.add_argument("--sheet", help="which sheet; else all that have a header")
        parser.add_argument(
            "--field", action="append", default=[], metavar="FIELD=COLUMN",
            help="which column a field is read from, by its name or its letter",
        )  # fmt: skip
        parser.add_argument("--compound", default="", help="where addresses lie that name no place")
        parser.add_argument("--encoding", help="of a CSV; else told by trying")
        parser.add_argument("--dry-run", action="store_true", help="only tell")
        parser.add_argument(
            "--faults",
            type=Path,
            metavar="XLSX",
            help="hand the roster back into this file, with the faults marked",
        )
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the report")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout._out, soft_wrap=True)  # type: ignore[arg-type]
        with override(options["language"]):
            try:
                request = self._request(options)
                plan = self._run(request, options["dry_run"], console)
            except TwinError as error:
                where = f" ({error.where})" if error.where else ""
                raise CommandError(f"{error.code}: {error.message}{where}") from error
            tell(plan, request.file_name, console, dry_run=options["dry_run"])
            if options["faults"]:
                book = open_workbook(request.data, encoding=request.options.encoding)
                header_rows = {sheet["name"]: sheet["header_row"] for sheet in plan.read_as["sheets"]}
                options["faults"].write_bytes(mark(book, noted_rows(plan.rows), header_rows))

    def _request(self, options: dict[str, Any]) -> RosterRequest:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        return RosterRequest(
            community=community_named(options["community"]),
            data=data,
            file_name=path.name,
            source=source_of(options["source"], path.name),
            options=Options(
                sheet=options["sheet"],
                fields=pairs(options["field"], "--field"),
                compound=options["compound"],
                encoding=options["encoding"],
            ),
        )

    def _run(self, request: RosterRequest, dry_run: bool, console: Console) -> RosterPlan:
        with progress_on(console) as progress:
            if dry_run:
                return make_plan(request, progress=progress)
            return import_roster(request=request, progress=progress)
