"""What must hold for the grid tree as a whole, checked when a transaction commits.

An exclusion constraint over boxes would refuse neighbours that share an edge, so overlaps are measured. Both triggers lock
the grid they judge with an advisory lock; without it two writers could each see the world without the other's row.
"""

from django.db import migrations

SIBLINGS = """
CREATE FUNCTION places_grid_siblings_do_not_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine places_grid%ROWTYPE;
    other record;
BEGIN
    SELECT * INTO mine FROM places_grid WHERE id = NEW.id;
    IF mine.id IS NULL OR mine.ended_at IS NOT NULL OR mine.parent_id IS NULL OR mine.geometry IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('places_grid_children', mine.parent_id));
    SELECT sibling.name, ST_Area(ST_Intersection(sibling.geometry, mine.geometry)::geography) AS area INTO other
    FROM places_grid AS sibling
    WHERE sibling.parent_id = mine.parent_id AND sibling.id <> mine.id AND sibling.ended_at IS NULL
      AND ST_Intersects(sibling.geometry, mine.geometry)
    ORDER BY area DESC, sibling.id
    LIMIT 1;
    IF other.area > 1.0 THEN  -- m²: borders drawn twice differ by slivers
        RAISE EXCEPTION 'grid % overlaps its sibling % by % m²', mine.name, other.name, round(other.area::numeric, 1)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grid_siblings_do_not_overlap';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER grid_siblings_do_not_overlap
    AFTER INSERT OR UPDATE OF geometry, parent_id, ended_at ON places_grid
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION places_grid_siblings_do_not_overlap();
"""

LEAVES = """
CREATE FUNCTION places_building_lies_in_a_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine record;
BEGIN
    SELECT building.id, building.ended_at, grid.id AS grid_id, grid.name AS grid_name, grid.ended_at AS grid_ended_at,
           grid.community_id = building.community_id AS at_home INTO mine
    FROM places_building AS building JOIN places_grid AS grid ON grid.id = building.grid_id WHERE building.id = NEW.id;
    IF mine.id IS NULL OR mine.ended_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    IF NOT mine.at_home THEN
        RAISE EXCEPTION 'building % lies in grid % of another community', mine.id, mine.grid_name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'building_lies_in_its_own_community';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('places_grid_leaf', mine.grid_id));
    IF mine.grid_ended_at IS NOT NULL
       OR EXISTS (SELECT 1 FROM places_grid WHERE parent_id = mine.grid_id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'building % lies in grid %, which is no leaf', mine.id, mine.grid_name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only_leaf_grids_hold_buildings';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER only_leaf_grids_hold_buildings
    AFTER INSERT OR UPDATE OF grid_id, ended_at ON places_building
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION places_building_lies_in_a_leaf();

CREATE FUNCTION places_inner_grids_hold_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine places_grid%ROWTYPE;
BEGIN
    SELECT * INTO mine FROM places_grid WHERE id = NEW.id;
    IF mine.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF mine.parent_id IS NOT NULL AND mine.ended_at IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('places_grid_leaf', mine.parent_id));
        IF EXISTS (SELECT 1 FROM places_building WHERE grid_id = mine.parent_id AND ended_at IS NULL) THEN
            RAISE EXCEPTION 'grid % is drawn below a grid that still holds buildings', mine.name
                USING ERRCODE = 'check_violation', CONSTRAINT = 'only_leaf_grids_hold_buildings';
        END IF;
    ELSIF mine.ended_at IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('places_grid_leaf', mine.id));
        IF EXISTS (SELECT 1 FROM places_building WHERE grid_id = mine.id AND ended_at IS NULL) THEN
            RAISE EXCEPTION 'grid % has ended but still holds buildings', mine.name
                USING ERRCODE = 'check_violation', CONSTRAINT = 'only_leaf_grids_hold_buildings';
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER inner_grids_hold_no_buildings
    AFTER INSERT OR UPDATE OF parent_id, ended_at ON places_grid
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION places_inner_grids_hold_nothing();
"""

UNDO = """
DROP TRIGGER inner_grids_hold_no_buildings ON places_grid;
DROP TRIGGER only_leaf_grids_hold_buildings ON places_building;
DROP TRIGGER grid_siblings_do_not_overlap ON places_grid;
DROP FUNCTION places_inner_grids_hold_nothing, places_building_lies_in_a_leaf, places_grid_siblings_do_not_overlap;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunSQL(SIBLINGS + LEAVES, UNDO)]
