"""Many writers at once, each a process of its own: `python -m tests.layers.live.writers WRITERS TRANSACTIONS`.

Each raises alarms on some devices at a time, then waits a random moment before its commit. Prints the process ids first.
"""

from __future__ import annotations

import os
import random
import sys
import time

import django


def write(transactions: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from tests.devices.homes import rule_of
    from twin.base.verbs import unit_of_work
    from twin.devices.actions import raise_alarm
    from twin.devices.models import Device

    devices = list(Device.objects.select_related("kind").order_by("pk"))
    for _ in range(transactions):
        chosen = sorted(random.sample(devices, random.randint(1, 3)), key=lambda device: device.pk)
        with transaction.atomic():
            with unit_of_work():
                for device in chosen:
                    raise_alarm(device=device, rule=rule_of(device), at=timezone.now())
            time.sleep(random.random() * 0.06)  # numbers are taken, others wait, nothing is visible yet


def main(writers: int, transactions: int) -> None:
    django.setup()
    children = []
    for number in range(writers):
        child = os.fork()
        if child == 0:
            random.seed(number)
            write(transactions)
            os._exit(0)
        children.append(child)
    print(*children, flush=True)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twin.config.settings")
    main(int(sys.argv[1]), int(sys.argv[2]))
