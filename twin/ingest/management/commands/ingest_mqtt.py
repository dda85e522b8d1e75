from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from twin.ingest.mqtt_listener import Listener


class Command(BaseCommand):
    help = "Listen to the MQTT broker (TWIN_MQTT_URL) and keep what devices say, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prefix", default="twin", help="first part of all topics")
        parser.add_argument("--client-id", default="twin-ingest", help="one for each process that listens")
        parser.add_argument(
            "--broker-checks-gateways",
            action="store_true",
            help="the broker lets each gateway write below the id of its own token only (docs/ingest.md)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MQTT_URL:
            raise CommandError("TWIN_MQTT_URL is not set: mqtt://user:password@host:1883, or mqtts://…")
        listener = Listener(
            settings.MQTT_URL,
            prefix=options["prefix"],
            identifier=options["client_id"],
            broker_checks=options["broker_checks_gateways"],
        )
        with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
            asyncio.run(_until_stopped(listener))


async def _until_stopped(listener: Listener) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await listener.run()
