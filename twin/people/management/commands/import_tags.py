from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override
from rich.console import Console

from twin.base.errors import TwinError
from twin.base.terminal import progress_on
from twin.people.catalogue.example import example_csv, example_workbook
from twin.people.catalogue.plan import CataloguePlan, CatalogueRequest, Options, make_plan
from twin.people.catalogue.runs import import_catalogue
from twin.people.catalogue.telling import tell
from twin.places.importing.asking import community_named, source_of
from twin.places.management.commands.import_places import pairs


class Command(BaseCommand):
    help = (
        "Bring a catalogue of tags in from a spreadsheet: XLSX or CSV. With --dry-run it is only told what would happen; "
        "without, it happens, all or nothing. With --example a file is written to start from."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--community", required=True, help="id or name")
        parser.add_argument(
            "--example", action="store_true", help="write the file, with the tags that there are"
        )
        parser.add_argument("--sheet", help="which sheet; else all that have a header")
        parser.add_argument(
            "--field", action="append", default=[], metavar="FIELD=COLUMN",
            help="which column a field is read from, by its name or its letter",
        )  # fmt: skip
        parser.add_argument("--encoding", help="of a CSV; else told by trying")
        parser.add_argument(
            "--lower",
            action="append",
            default=[],
            metavar="CODE",
            help="a tag whose level may fall; each is named",
        )
        parser.add_argument("--why", default="", help="why levels fall; the audit keeps it")
        parser.add_argument("--dry-run", action="store_true", help="only tell")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the report")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout._out, soft_wrap=True)  # type: ignore[arg-type]
        with override(options["language"]):
            try:
                if options["example"]:
                    self._write_example(options)
                    return
                request = self._request(options)
                plan = self._run(request, options["dry_run"], console)
            except TwinError as error:
                where = f" ({error.where})" if error.where else ""
                raise CommandError(f"{error.code}: {error.message}{where}") from error
            tell(plan, request.file_name, console, dry_run=options["dry_run"])

    def _write_example(self, options: dict[str, Any]) -> None:
        community = community_named(options["community"])
        path: Path = options["file"]
        make = example_csv if path.suffix.lower() == ".csv" else example_workbook
        path.write_bytes(make(community))

    def _request(self, options: dict[str, Any]) -> CatalogueRequest:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        return CatalogueRequest(
            community=community_named(options["community"]),
            data=data,
            file_name=path.name,
            source=source_of(None, path.name),
            options=Options(
                sheet=options["sheet"],
                fields=pairs(options["field"], "--field"),
                encoding=options["encoding"],
                lower=tuple(options["lower"]),
                why=options["why"],
            ),
        )

    def _run(self, request: CatalogueRequest, dry_run: bool, console: Console) -> CataloguePlan:
        with progress_on(console) as progress:
            if dry_run:
                return make_plan(request, progress=progress)
            return import_catalogue(request=request, progress=progress)
