import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0004_addresses"),
        ("places", "0004_tile_shapes"),
    ]

    operations = [
        migrations.AddField(
            model_name="building",
            name="facility",
            field=models.CharField(
                blank=True,
                choices=[
                    ("fire_station", "fire station"),
                    ("police", "police station"),
                    ("care_home", "care home"),
                    ("library", "library"),
                    ("youth_centre", "youth centre"),
                    ("sports_hall", "sports hall"),
                    ("swimming_hall", "swimming hall"),
                    ("tea_house", "tea house"),
                    ("hotel", "hotel"),
                    ("research", "research institute"),
                    ("ferry_terminal", "ferry terminal"),
                    ("greenhouse", "greenhouse"),
                ],
                max_length=16,
                verbose_name="facility",
            ),
        ),
        migrations.AddField(
            model_name="building",
            name="unit_names",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="In their order, parted by commas, where units have names of their own: 19号,20号,21号",
                size=None,
                verbose_name="names of the units",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="name",
            field=models.CharField(blank=True, max_length=20, verbose_name="name"),
        ),
    ]
