from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_words_of_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="link_index",
            field=models.BinaryField(editable=False, null=True, unique=True),
        ),
    ]
