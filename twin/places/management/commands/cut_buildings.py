from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from twin.base.errors import TwinError
from twin.places.actions import cut_buildings
from twin.places.importing.asking import community_named
from twin.places.models import Building

LIVED_IN = (Building.Use.RESIDENTIAL, Building.Use.MIXED)
SHOWN = 20
BROKEN_OFF = 130


class Command(BaseCommand):
    help = (
        "Cut buildings into units and dwellings by their floors, units and flats. Each building is saved by itself: "
        "break it off with Ctrl-C and start it again, it goes on where it was. What is not stated is guessed and "
        "marked as estimated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", required=True, help="id or name")
        parser.add_argument(
            "--building", action="append", type=int, default=[], help="only this one (id); repeatable"
        )
        parser.add_argument("--source", help="only buildings that came from this source")
        parser.add_argument(
            "--use",
            action="append",
            default=[],
            choices=[*Building.Use.values, "all"],
            help="default: residential, mixed",
        )
        parser.add_argument("--limit", type=int, help="at most so many buildings")
        parser.add_argument(
            "--failures", type=Path, metavar="CSV", help="write what could not be cut, and why"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout._out, soft_wrap=True)  # type: ignore[arg-type]
        try:
            buildings = self._buildings(options)
        except TwinError as error:
            raise CommandError(f"{error.code}: {error}") from error
        total = buildings.count()
        failures: list[tuple[Building, str]] = []
        done = {"buildings": 0, "dwellings": 0}
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        try:
            with Progress(*columns, console=console) as progress:
                task = progress.add_task("cutting", total=total)

                def told(building: Building, dwellings: int | None, why_not: str) -> None:
                    progress.advance(task)
                    if dwellings is None:
                        failures.append((building, why_not))
                    else:
                        done["buildings"] += 1
                        done["dwellings"] += dwellings

                cut_buildings(buildings, done=told)
        except KeyboardInterrupt:
            left = total - done["buildings"] - len(failures)
            self._tell(console, done, failures, options["failures"])
            raise CommandError(
                f"Broken off; {left} buildings are left. Run it again to go on.", returncode=BROKEN_OFF
            ) from None
        self._tell(console, done, failures, options["failures"])

    def _buildings(self, options: dict[str, Any]) -> QuerySet[Building]:
        rows = Building.objects.standing().filter(
            community=community_named(options["community"]), cut=Building.Cut.NONE
        )
        if options["building"]:
            rows = rows.filter(pk__in=options["building"])
        elif "all" not in options["use"]:
            rows = rows.filter(use__in=options["use"] or LIVED_IN)
        if options["source"] is not None:
            rows = rows.filter(source=options["source"])
        if options["limit"] is not None:
            rows = rows.filter(
                pk__in=list(rows.order_by("id").values_list("id", flat=True)[: options["limit"]])
            )
        return rows

    def _tell(
        self, console: Console, done: dict[str, int], failures: list[tuple[Building, str]], path: Path | None
    ) -> None:
        console.print(
            f"{done['buildings']} buildings cut into {done['dwellings']} dwellings; {len(failures)} not cut."
        )
        for building, why_not in failures[:SHOWN]:
            console.print(f"✗ {building.pk} ({escape(building.source_id)}): {escape(why_not)}")
        if len(failures) > SHOWN:
            console.print(f"✗ … {len(failures) - SHOWN} more; --failures writes all of them")
        if path is not None:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["building", "source", "source_id", "why_not"])
                writer.writerows([b.pk, b.source, b.source_id, why_not] for b, why_not in failures)
