"""What the database itself sees to: it numbers entries, carries the balance on, and lets nobody change what is written."""

from django.db import migrations

LEDGER = """
CREATE FUNCTION points_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% can only be added to', TG_ARGV[0]
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[1];
END $$;

CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON points_entry
    FOR EACH ROW EXECUTE FUNCTION points_refuse_change('the ledger', 'ledger_is_append_only');
CREATE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON points_entry
    FOR EACH STATEMENT EXECUTE FUNCTION points_refuse_change('the ledger', 'ledger_is_append_only');
CREATE TRIGGER rule_history_is_append_only BEFORE UPDATE OR DELETE ON points_ruleversion
    FOR EACH ROW EXECUTE FUNCTION points_refuse_change('the history of rules', 'rule_history_is_append_only');
CREATE TRIGGER rule_history_is_not_emptied BEFORE TRUNCATE ON points_ruleversion
    FOR EACH STATEMENT EXECUTE FUNCTION points_refuse_change('the history of rules', 'rule_history_is_append_only');

CREATE FUNCTION points_write_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    undone points_entry%ROWTYPE;
BEGIN
    IF NOT EXISTS (
        SELECT FROM people_household WHERE id = NEW.household_id AND community_id = NEW.community_id
    ) THEN
        RAISE EXCEPTION 'household % is not of community %', NEW.household_id, NEW.community_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_stays_in_its_community';
    END IF;
    IF NEW.version_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM points_ruleversion
        WHERE id = NEW.version_id AND community_id = NEW.community_id AND NEW.points BETWEEN least AND most
    ) THEN
        RAISE EXCEPTION 'rule version % does not give % points in community %',
            NEW.version_id, NEW.points, NEW.community_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_keeps_to_its_rule';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO undone FROM points_entry WHERE id = NEW.reverses_id;
        IF undone.household_id <> NEW.household_id OR undone.points <> -NEW.points
            OR undone.happened_at <> NEW.happened_at OR undone.kind IN ('reversal', 'refund')
            OR (undone.kind = 'redemption') <> (NEW.kind = 'refund')
        THEN
            RAISE EXCEPTION 'entry % is not undone by % points to household %',
                NEW.reverses_id, NEW.points, NEW.household_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_reversal_undoes_its_entry_exactly';
        END IF;
    END IF;
    INSERT INTO points_account AS account (household_id, community_id, balance, entry_count)
        VALUES (NEW.household_id, NEW.community_id, NEW.points, 1)
        ON CONFLICT (household_id) DO UPDATE
            SET balance = account.balance + NEW.points, entry_count = account.entry_count + 1
        RETURNING balance, entry_count INTO NEW.balance_after, NEW.number;
    NEW.written_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER entry_moves_its_account BEFORE INSERT ON points_entry
    FOR EACH ROW EXECUTE FUNCTION points_write_entry();

CREATE FUNCTION points_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 OR (TG_OP = 'INSERT' AND NEW.balance = 0 AND NEW.entry_count = 0) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an account moves with its ledger only'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'account_moves_with_its_ledger';
END $$;

CREATE TRIGGER account_moves_with_its_ledger BEFORE INSERT OR UPDATE OR DELETE ON points_account
    FOR EACH ROW EXECUTE FUNCTION points_guard_account();
"""
UNDO = """
DROP TRIGGER account_moves_with_its_ledger ON points_account;
DROP FUNCTION points_guard_account;
DROP TRIGGER entry_moves_its_account ON points_entry;
DROP FUNCTION points_write_entry;
DROP TRIGGER rule_history_is_not_emptied ON points_ruleversion;
DROP TRIGGER rule_history_is_append_only ON points_ruleversion;
DROP TRIGGER ledger_is_not_emptied ON points_entry;
DROP TRIGGER ledger_is_append_only ON points_entry;
DROP FUNCTION points_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial")]
    operations = [migrations.RunSQL(LEDGER, UNDO)]
