from typing import Any

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from twin.people.readings import words_of

AT_ONCE = 5000


def read_names(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("people", "Person").objects
    last = 0
    while rows := list(people.filter(pk__gt=last).only("name").order_by("pk")[:AT_ONCE]):
        for person in rows:
            person.name_words = words_of(person.name)
        people.bulk_update(rows, ["name_words"], batch_size=1000)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_rosters"),
        ("places", "0006_imports_end"),
    ]

    operations = [
        TrigramExtension(),
        migrations.AddField(
            model_name="person",
            name="name_words",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(read_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("name_words", name="gin_trgm_ops"),
                condition=models.Q(("ended_at", None)),
                name="person_by_words_of_name",
            ),
        ),
    ]
