from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("points", "0002_ledger_by_the_database"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="story",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What the family has done, as it agreed to be told: everybody in the community reads it",
                max_length=120,
                verbose_name="put up for",
            ),
            preserve_default=False,
        ),
    ]
