import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# As in 0003: what foreign keys cannot say.
FITS = """
CREATE FUNCTION people_invitation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM people_person AS person JOIN people_household AS household ON household.id = NEW.household_id
        WHERE person.id = NEW.person_id AND person.community_id = NEW.community_id
            AND household.community_id = NEW.community_id
    ) THEN
        RAISE EXCEPTION 'invitation % does not stay in its community', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_crosses_communities';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_invitation_fits BEFORE INSERT OR UPDATE ON people_invitation
    FOR EACH ROW EXECUTE FUNCTION people_invitation_fits();
"""
UNDO = """
DROP TRIGGER people_invitation_fits ON people_invitation;
DROP FUNCTION people_invitation_fits;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_nothing_crosses_communities"),
        ("places", "0006_imports_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("code_index", models.BinaryField(unique=True)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="used")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="revoked"),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.community",
                        verbose_name="community",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="people.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None), ("used_at", None)),
                        fields=("person",),
                        name="one_open_invitation_for_a_person",
                        violation_error_message="This person has an open invitation already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_at", None), ("revoked_at", None), _connector="OR"),
                        name="an_invitation_is_used_or_revoked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="an_invitation_runs_for_a_while",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FITS, UNDO),
    ]
