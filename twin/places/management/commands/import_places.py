from __future__ import annotations

import csv
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override
from rich.console import Console

from twin.base.errors import TwinError
from twin.base.terminal import progress_on
from twin.places.importing.applying import apply_import
from twin.places.importing.asking import community_named, options_of, source_of
from twin.places.importing.plan import Plan, make_plan
from twin.places.importing.request import ImportRequest, Kind
from twin.places.importing.spreadsheet import header, lines_of
from twin.places.importing.telling import tell


class Command(BaseCommand):
    help = (
        "Bring buildings, grids, compounds, streets or land cover in from a file: GeoJSON, GeoPackage, Shapefile, CityJSON. "
        "With --dry-run it is only told what would happen; without, it happens, all or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--community", required=True, help="id or name")
        parser.add_argument("--kind", required=True, choices=Kind.values)
        parser.add_argument(
            "--crs", help="coordinate system of the file: EPSG:4490, GCJ-02, ...; else read from it"
        )
        parser.add_argument("--source", help="name under which the rows are known; else the file's name")
        parser.add_argument("--layer", help="which layer of a GeoPackage, or which data set of an archive")
        parser.add_argument("--encoding", help="of a shapefile's texts; else told by trying")
        parser.add_argument(
            "--field",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="which column a field is read from",
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=VALUE", help="the same value for every row"
        )
        parser.add_argument(
            "--reference",
            action="append",
            default=[],
            type=Path,
            help="streets or buildings known to lie right",
        )
        parser.add_argument(
            "--reference-crs", help="coordinate system of the references; else read from them"
        )
        parser.add_argument(
            "--default-floors", type=int, default=1, help="of buildings without floors and height"
        )
        parser.add_argument(
            "--end-missing", action="store_true", help="places of this source that are not in the file end"
        )
        parser.add_argument(
            "--move-grids", action="store_true", help="grids that name another parent move in the tree"
        )
        parser.add_argument("--accept-shift", action="store_true", help="import although it looks shifted")
        parser.add_argument(
            "--accept-far", action="store_true", help="import although it lies far from the community"
        )
        parser.add_argument(
            "--accept-duplicates", action="store_true", help="import although most of it is there"
        )
        parser.add_argument("--dry-run", action="store_true", help="only tell")
        parser.add_argument(
            "--rows", type=Path, metavar="CSV", help="write what happens to every row into this file"
        )
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the report")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout._out, soft_wrap=True)  # type: ignore[arg-type]
        with override(options["language"]):
            try:
                request = self._request(options)
                plan, moved = self._run(request, options["dry_run"], console)
            except TwinError as error:
                where = f" ({error.where})" if error.where else ""
                raise CommandError(f"{error.code}: {error.message}{where}") from error
            tell(plan, console, dry_run=options["dry_run"], moved=moved)
            if options["rows"]:
                with options["rows"].open("w", encoding="utf-8-sig", newline="") as file:
                    writer = csv.writer(file)
                    writer.writerows([header(), *lines_of(plan.entries)])

    def _request(self, options: dict[str, Any]) -> ImportRequest:
        path: Path = options["file"]
        return ImportRequest(
            community=community_named(options["community"]),
            kind=Kind(options["kind"]),
            path=path,
            file_name=path.name,
            source=source_of(options["source"], path.name),
            options=options_of(
                fields=pairs(options["field"], "--field"),
                constants=pairs(options["set"], "--set"),
                **{name: options[name] for name in SAME},
            ),
            references=tuple(options["reference"]),
        )

    def _run(self, request: ImportRequest, dry_run: bool, console: Console) -> tuple[Plan, int]:
        with progress_on(console) as progress:
            if dry_run:
                return make_plan(request, progress=progress), 0
            applied = apply_import(request=request, sha256=digest_of(request.path), progress=progress)
            return applied.plan, applied.moved


SAME = (
    "crs",
    "reference_crs",
    "layer",
    "encoding",
    "default_floors",
    "end_missing",
    "move_grids",
    "accept_shift",
    "accept_far",
    "accept_duplicates",
)


def pairs(words: list[str], option: str) -> dict[str, str]:
    """`field=value` words as a dictionary."""
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise CommandError(f"{option} {word}: write FIELD=VALUE")
        found[name.strip()] = value.strip()
    return found


def digest_of(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        seen = sha256()
        while chunk := file.read(1 << 20):
            seen.update(chunk)
    return seen.hexdigest()
