from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from twin.accounts.models import User
from twin.demo.load import load_demo
from twin.places.models import Building


class Command(BaseCommand):
    help = "Load the demo community once; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=None, help="cut only about this many dwellings (for tests)"
        )

    def handle(self, *args: Any, limit: int | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set TWIN_DEMO=1: the demo brings log-ins whose password everybody knows.")
        if User.objects.filter(username__in=settings.DEMO_USERS).exists():
            self.stdout.write("The demo community is there already.")
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console()) as progress:
            places = progress.add_task("places", total=4)
            cutting = progress.add_task("cutting buildings into dwellings", total=None)

            def cut(building: Building, dwellings: int | None, why_not: str) -> None:
                progress.advance(cutting)
                if dwellings is None:
                    progress.console.print(f"not cut: {why_not}")

            def begin(total: int) -> None:
                progress.update(cutting, total=total)

            report = load_demo(
                step=lambda _: progress.advance(places), begin_cutting=begin, cut=cut, limit=limit
            )
        self.stdout.write(
            f"{report.community}: {report.buildings} buildings, {report.dwellings} dwellings, "
            f"{report.households} households, {report.people} people, {report.devices} devices, "
            f"{report.entries} points entries, {report.visits} visits."
        )
