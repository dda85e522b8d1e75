from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION access_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit can only be added to'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_append_only';
END $$;

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON access_auditentry
    FOR EACH ROW EXECUTE FUNCTION access_audit_is_append_only();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON access_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION access_audit_is_append_only();
"""
UNDO = """
DROP TRIGGER audit_is_not_emptied ON access_auditentry;
DROP TRIGGER audit_is_append_only ON access_auditentry;
DROP FUNCTION access_audit_is_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
