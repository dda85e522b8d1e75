import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_audit_by_who"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="told_of",
            field=models.JSONField(default=dict, help_text="Of a list: room.Model to the ids of those on it"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["told_of"], name="audit_by_who_was_listed", opclasses=["jsonb_path_ops"]
            ),
        ),
    ]
