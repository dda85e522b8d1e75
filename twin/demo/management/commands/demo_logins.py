from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print the demo's log-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            self.stdout.write("This is no demo: there are no log-ins that everybody knows.")
            return
        for username, role in settings.DEMO_USERS.items():
            self.stdout.write(f"  {username:8} {settings.DEMO_PASSWORD}   {role['zh']} · {role['en']}")
