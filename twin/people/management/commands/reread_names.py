from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from twin.people.actions.rereading import reread_names


class Command(BaseCommand):
    help = "Read all names again, so that they are found as this version reads them. Can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        changed, last = reread_names()
        while last is not None:
            more, last = reread_names(after=last)
            changed += more
        self.stdout.write(f"{changed} names are read differently now.")
