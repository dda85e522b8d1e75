import django.contrib.gis.db.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0005_unit_names_and_facilities"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="shape",
            field=django.contrib.gis.db.models.fields.GeometryField(
                help_text="While it is looked at; then the place has it", null=True, srid=4326
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="number",
            field=models.PositiveIntegerField(
                help_text="Empty: it is not in the file", null=True, verbose_name="row"
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("create", "create"),
                    ("change", "change"),
                    ("unchanged", "unchanged"),
                    ("join", "part of another row"),
                    ("refuse", "refuse"),
                    ("end", "end"),
                ],
                max_length=9,
                verbose_name="verdict",
            ),
        ),
    ]
