from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from twin.base.canary import can_read
from twin.base.rotation import renew_canary, rotate, sealed_models
from twin.base.sealing import Unreadable


class Command(BaseCommand):
    """Put the new key first in TWIN_FIELD_KEYS, the old one behind it; restart every process; run this; then take the old
    key away and restart again. A new TWIN_INDEX_KEY: stop every process, set it, run this with --index, start them."""

    help = "Seal identity numbers and phones anew with the first of TWIN_FIELD_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--index", action="store_true", help="Index everything anew, for a new TWIN_INDEX_KEY"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not can_read():
            raise CommandError("No key of TWIN_FIELD_KEYS reads this database; put the old one back first.")
        for model in sealed_models():
            try:
                written = rotate(model, index_too=options["index"])
            except Unreadable as error:
                raise CommandError(f"{model._meta.label}: {error}") from error
            self.stdout.write(f"{model._meta.label}: {written} rows sealed anew")
        renew_canary()
        if len(settings.FIELD_KEYS) > 1:
            self.stdout.write("Nothing is sealed with the other keys any more: take them away and restart.")
