from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from tests.devices.test_readings import NOON
from twin.devices.actions import NewReading, ensure_partitions, forget_readings, record_readings
from twin.devices.models import Device, Reading
from twin.places.models import Community

FAR = datetime(2041, 11, 30, 23, 59, tzinfo=UTC)


def partition_of(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM devices_reading WHERE at = %s", [at])
        return str(cursor.fetchone()[0])


def test_a_migrated_database_takes_readings_of_today_into_their_month(
    community: Community, detector: Device
) -> None:
    now = timezone.now()
    record_readings(community=community, readings=[NewReading("smoke-1", now)])
    assert partition_of(now) == f"devices_reading_{now:%Y_%m}"


def test_months_are_made_ahead_once(db: None) -> None:
    assert ensure_partitions(now=FAR) == [
        f"devices_reading_{month}" for month in ("2041_10", "2041_11", "2041_12", "2042_01", "2042_02")
    ]
    assert ensure_partitions(now=FAR) == []


def test_what_a_fast_clock_has_put_aside_moves_into_its_month(community: Community, detector: Device) -> None:
    early = datetime(2041, 12, 1, tzinfo=UTC)
    readings = [NewReading("smoke-1", at) for at in (FAR, early)]
    record_readings(community=community, readings=readings, received_at=NOON)
    assert partition_of(early) == "devices_reading_default"
    ensure_partitions(now=FAR)
    assert (partition_of(FAR), partition_of(early)) == ("devices_reading_2041_11", "devices_reading_2041_12")
    assert Reading.objects.filter(reason="clock_ahead").count() == 2
    again = record_readings(community=community, readings=readings, received_at=NOON)
    assert again.duplicates == 2


def test_a_search_by_device_and_time_reads_one_month(community: Community, detector: Device) -> None:
    ensure_partitions(now=FAR)
    december = datetime(2041, 12, 1, tzinfo=UTC)
    rows = Reading.objects.filter(device=detector, at__gte=FAR, at__lt=december)
    assert "devices_reading_2041_11" in rows.explain()
    assert "devices_reading_2041_12" not in rows.explain()


def test_readings_are_forgotten_by_whole_months(community: Community, detector: Device) -> None:
    ensure_partitions(now=FAR)
    days = [datetime(2041, 10, 31, tzinfo=UTC), datetime(2041, 11, 1, tzinfo=UTC)]
    lost = NewReading("smoke-1", datetime(1970, 1, 1, tzinfo=UTC))
    record_readings(
        community=community, readings=[lost, *(NewReading("smoke-1", at) for at in days)], received_at=days[0]
    )
    later = datetime(2041, 11, 20, tzinfo=UTC)
    assert "devices_reading_2041_10" not in forget_readings(now=later, days=21)  # its last day is still kept
    assert "devices_reading_2041_10" in forget_readings(now=later, days=15)
    assert list(Reading.objects.values_list("at", flat=True)) == days[1:]


def test_upkeep_runs_every_night_and_silence_every_minute() -> None:
    import_module("twin.devices.tasks")
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic["twin.devices.tasks.keep_readings_in_order"] == "27 2 * * *"
    assert periodic["twin.devices.tasks.listen_for_silence"] == "* * * * *"
