from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layers.live.typescript import render

TARGET = settings.ROOT / "frontend" / "src" / "live" / "messages.ts"


class Command(BaseCommand):
    help = "The TypeScript types of the live messages: --check that they are fresh, or --write them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true")
        what.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            TARGET.write_text(render(), encoding="utf-8")
        elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != render():
            raise CommandError(
                f"{TARGET.relative_to(settings.ROOT)} is stale: run manage.py live_types --write"
            )
