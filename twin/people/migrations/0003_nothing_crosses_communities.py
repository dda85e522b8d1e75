"""What foreign keys cannot say: both ends belong to one community, a tag is given to what it applies to, and who lives in a
household lives in its dwelling. Judged once for each statement, over all of its rows: thousands arrive at once."""

from django.db import migrations

JUDGE = """
CREATE FUNCTION {table}_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad record;
BEGIN
    SELECT row.id, {fault} AS fault INTO bad FROM changed AS row {joins} WHERE {fault} IS NOT NULL LIMIT 1;
    IF bad.id IS NOT NULL THEN
        RAISE EXCEPTION '{table} % does not fit: %', bad.id, bad.fault
            USING ERRCODE = 'check_violation', CONSTRAINT = bad.fault;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_fits_when_added AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {table}_fits();
CREATE TRIGGER {table}_fits_when_changed AFTER UPDATE ON {table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {table}_fits();
"""
UNDO = """
DROP TRIGGER {table}_fits_when_added ON {table};
DROP TRIGGER {table}_fits_when_changed ON {table};
DROP FUNCTION {table}_fits;
"""
ELSEWHERE = "nothing_crosses_communities"


def judged(table, joins, fault):
    return migrations.RunSQL(JUDGE.format(table=table, joins=joins, fault=fault), UNDO.format(table=table))


def same(*others):
    """The name of the rule that is broken when one of these belongs to another community."""
    differ = " OR ".join(f"{other}.community_id <> row.community_id" for other in others)
    return f"WHEN {differ} THEN '{ELSEWHERE}'"


def tagging(applies_to, table):
    joins = f"""JOIN people_tag AS tag ON tag.id = row.tag_id
                JOIN {table} AS subject ON subject.id = row.{applies_to}_id"""
    fault = f"""CASE {same("tag", "subject")}
                     WHEN tag.applies_to <> '{applies_to}' THEN 'a_tag_is_given_to_what_it_applies_to' END"""
    return judged(f"people_{applies_to}tag", joins, fault)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_privacy_rule"), ("places", "0003_imports")]
    operations = [
        judged(
            "people_household",
            "JOIN places_dwelling AS dwelling ON dwelling.id = row.dwelling_id",
            f"CASE {same('dwelling')} END",
        ),
        judged(
            "people_residence",
            """JOIN people_person AS person ON person.id = row.person_id
               JOIN places_dwelling AS dwelling ON dwelling.id = row.dwelling_id
               LEFT JOIN people_household AS household ON household.id = row.household_id""",
            f"""CASE {same("person", "dwelling", "household")}
                     WHEN row.basis = 'actual' AND upper_inf(row.during) AND household.dwelling_id <> row.dwelling_id
                     THEN 'who_lives_in_a_household_lives_in_its_dwelling' END""",
        ),
        judged(
            "people_spaceshare",
            """JOIN places_dwelling AS space ON space.id = row.space_id
               JOIN people_household AS household ON household.id = row.household_id""",
            f"CASE {same('space', 'household')} END",
        ),
        judged(
            "people_emergencycontact",
            "JOIN people_person AS person ON person.id = row.person_id",
            f"CASE {same('person')} END",
        ),
        judged(
            "people_carepair",
            """JOIN people_person AS helper ON helper.id = row.helper_id
               JOIN people_person AS cared ON cared.id = row.cared_for_id""",
            f"CASE {same('helper', 'cared')} END",
        ),
        judged(
            "people_organisation",
            """LEFT JOIN places_dwelling AS dwelling ON dwelling.id = row.dwelling_id
               LEFT JOIN places_unit AS unit ON unit.id = row.unit_id
               LEFT JOIN places_building AS building ON building.id = row.building_id""",
            f"CASE {same('dwelling', 'unit', 'building')} END",
        ),
        judged(
            "people_tag",
            "JOIN people_tagclass AS class ON class.id = row.tag_class_id",
            f"CASE {same('class')} END",
        ),
        tagging("person", "people_person"),
        tagging("household", "people_household"),
        tagging("dwelling", "places_dwelling"),
    ]
