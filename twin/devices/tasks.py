"""Work that runs by itself (procrastinate)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from twin.devices.actions import ensure_partitions, forget_readings, go_on_listening, mark_silent_devices


@app.periodic(cron="27 2 * * *")
@app.task(queueing_lock="devices_upkeep", pass_context=False)
def keep_readings_in_order(timestamp: int) -> None:
    """Every night: the coming months' partitions, and an end of readings that are no longer kept."""
    ensure_partitions()
    forget_readings()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="devices_silence", pass_context=False)
def listen_for_silence(timestamp: int) -> None:
    """Every minute: devices that have not been heard of for too long, while somebody listened."""
    mark_silent_devices(listening_since=go_on_listening())
