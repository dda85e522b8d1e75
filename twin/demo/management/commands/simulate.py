from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from twin.demo.simulate.run import Wanted, simulate
from twin.demo.simulate.site import Refused


class Command(BaseCommand):
    help = "Let the demo's workers walk and its devices speak, through the public HTTP and MQTT interfaces, until stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        keys = settings.DATA / "demo" / "tokens.json"
        parser.add_argument(
            "--speed", type=_positive, default=1.0, help="seconds of their life in one of ours"
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed gives the same walks and troubles"
        )
        parser.add_argument("--workers", type=int, default=None, help="how many workers walk (default: all)")
        parser.add_argument("--alarms-per-hour", type=float, default=12.0, help="over the whole community")
        parser.add_argument(
            "--duration", type=_positive, default=None, help="seconds until it stops by itself"
        )
        parser.add_argument(
            "--base-url", default=getattr(settings, "SITE_URL", "") or None, help="where the twin answers"
        )
        parser.add_argument(
            "--mqtt-url", default=settings.MQTT_URL or None, help="the broker; empty: devices use HTTP"
        )
        parser.add_argument("--tokens", type=Path, default=keys, help="file of tokens (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it reports every request
        wanted = Wanted(
            keys=options["tokens"],
            base_url=options["base_url"],
            mqtt_url=options["mqtt_url"] or None,
            speed=options["speed"],
            seed=options["seed"],
            workers=options["workers"],
            alarms_per_hour=options["alarms_per_hour"],
            duration_s=options["duration"],
        )
        try:
            tally = asyncio.run(simulate(wanted))
        except* Refused as refused:
            raise CommandError(str(refused.exceptions[0])) from None
        self.stdout.write(f"stopped: {tally}")


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise ValueError
    return value
