"""Readings: partitioned by month of `at` in UTC. Months are made ahead by `ensure_partitions`; what a clock of 1970 or 2036
says lands in the default partition. The key holds `at`, because a partitioned unique key must hold the partition key."""

import django.db.models.deletion
from django.db import migrations, models

READINGS = """
CREATE TABLE devices_reading (
    device_id bigint NOT NULL,
    at timestamptz NOT NULL,
    seq bigint NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    "values" jsonb NOT NULL DEFAULT '{}',
    event varchar(40) NOT NULL DEFAULT '',
    reason varchar(12) NOT NULL DEFAULT '',
    CONSTRAINT one_reading_per_device_time_and_number PRIMARY KEY (device_id, at, seq)
) PARTITION BY RANGE (at);
CREATE TABLE devices_reading_default PARTITION OF devices_reading DEFAULT;
"""

MODEL = migrations.CreateModel(
    name="Reading",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "device_id", "at", "seq", blank=True, editable=False, primary_key=True, serialize=False
            ),
        ),
        ("at", models.DateTimeField(verbose_name="measured")),
        (
            "seq",
            models.BigIntegerField(
                help_text="Counted by the device; negative: made from the content where it counts nothing",
                verbose_name="number",
            ),
        ),
        ("received_at", models.DateTimeField(verbose_name="received")),
        ("values", models.JSONField(default=dict, verbose_name="values")),
        ("event", models.CharField(blank=True, max_length=40, verbose_name="event")),
        (
            "reason",
            models.CharField(
                blank=True,
                choices=[
                    ("clock_behind", "the device's clock was before 2020"),
                    ("clock_ahead", "the device's clock was more than a day ahead"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
        (
            "device",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                to="devices.device",
                verbose_name="device",
            ),
        ),
    ],
    options={"verbose_name": "reading", "verbose_name_plural": "readings"},
)


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(READINGS, "DROP TABLE devices_reading")],
            state_operations=[MODEL],
        )
    ]
