"""The table of fixes: monthly range partitions by UTC time, and a default one for clocks that say 1970 or 2036.

Django cannot say PARTITION BY, so the table is written here and its model only recorded. A partition is made beside the
table, takes over what the default partition holds of its month, and is then attached: a month may begin before its
partition exists, and nothing is lost.
"""

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models

TABLE = """
CREATE TABLE patrol_fix (
    shift_id bigint NOT NULL,
    sender bigint NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    position geometry(Point, 4326) NOT NULL,
    accuracy_m double precision,
    speed_m_s double precision,
    mocked boolean NOT NULL,
    reason varchar(12),
    CONSTRAINT fix_is_stored_once PRIMARY KEY (sender, at, seq),
    CONSTRAINT fix_accuracy_is_not_negative CHECK (accuracy_m IS NULL OR accuracy_m >= 0),
    CONSTRAINT fix_speed_is_not_negative CHECK (speed_m_s IS NULL OR speed_m_s >= 0),
    CONSTRAINT fix_number_is_not_negative CHECK (seq >= 0)
) PARTITION BY RANGE (at);
CREATE INDEX fix_by_shift_with_reason ON patrol_fix (shift_id) WHERE reason IS NOT NULL;
CREATE TABLE patrol_fix_default PARTITION OF patrol_fix DEFAULT;
"""

PARTITIONS = """
CREATE FUNCTION patrol_fix_partition(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    begins timestamptz := date_trunc('month', month)::timestamp AT TIME ZONE 'UTC';
    ends timestamptz := (date_trunc('month', month)::timestamp + interval '1 month') AT TIME ZONE 'UTC';
    part text := 'patrol_fix_' || to_char(month, 'YYYY_MM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('patrol_fix_partition', 0));
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- The whole table, not the default partition: a fix that is on its way there would be refused once the month has it.
    LOCK TABLE ONLY patrol_fix IN SHARE ROW EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE %I (LIKE patrol_fix INCLUDING ALL)', part);
    EXECUTE format('WITH moved AS (DELETE FROM patrol_fix_default WHERE at >= %L AND at < %L RETURNING *)
                    INSERT INTO %I SELECT * FROM moved', begins, ends, part);
    EXECUTE format('ALTER TABLE patrol_fix ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, begins, ends);
    RETURN true;
END $$;
SELECT patrol_fix_partition((date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n))::date)
FROM generate_series(-1, 2) AS n;
"""

UNDO = "DROP TABLE patrol_fix; DROP FUNCTION patrol_fix_partition;"

FIX = migrations.CreateModel(
    name="Fix",
    fields=[
        ("pk", models.CompositePrimaryKey(
            "sender", "at", "seq", blank=True, editable=False, primary_key=True, serialize=False)),
        ("sender", models.BigIntegerField(help_text="The user whose phone sent it", verbose_name="sender")),
        ("seq", models.BigIntegerField(
            help_text="Counted by the phone; 0 where its protocol has none", verbose_name="number")),
        ("at", models.DateTimeField(verbose_name="taken")),
        ("received_at", models.DateTimeField(verbose_name="received")),
        ("position", django.contrib.gis.db.models.fields.PointField(
            spatial_index=False, srid=4326, verbose_name="position")),
        ("accuracy_m", models.FloatField(null=True, verbose_name="accuracy (m)")),
        ("speed_m_s", models.FloatField(null=True, verbose_name="speed (m/s)")),
        ("mocked", models.BooleanField(default=False, verbose_name="mocked")),
        ("reason", models.CharField(
            choices=[("clock", "the phone's clock was impossible")], max_length=12, null=True,
            verbose_name="reason")),
        ("shift", models.ForeignKey(
            db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="patrol.shift",
            verbose_name="shift")),
    ],
    options={"verbose_name": "fix", "verbose_name_plural": "fixes"},
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("patrol", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE + PARTITIONS, UNDO)],
            state_operations=[
                FIX,
                migrations.AddIndex(
                    model_name="fix",
                    index=models.Index(
                        condition=models.Q(("reason__isnull", False)),
                        fields=["shift"],
                        name="fix_by_shift_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fix",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("accuracy_m", None), ("accuracy_m__gte", 0), _connector="OR"),
                        name="fix_accuracy_is_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fix",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("speed_m_s", None), ("speed_m_s__gte", 0), _connector="OR"),
                        name="fix_speed_is_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fix",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("seq__gte", 0)), name="fix_number_is_not_negative"
                    ),
                ),
            ],
        )
    ]
