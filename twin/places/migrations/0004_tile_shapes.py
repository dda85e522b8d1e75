"""Shapes as tiles draw them: see twin/places/tile_shapes.py.

What the columns hold is said here once and for all; to change it, write another migration.
"""

from django.db import migrations

TABLES = {
    "places_building": "footprint",
    "places_grid": "geometry",
    "places_compound": "geometry",
    "places_street": "geometry",
    "places_landcover": "geometry",
}
ADD = """
ALTER TABLE {table} ADD COLUMN tile_{zoom} geometry GENERATED ALWAYS AS (
    ST_AsMVTGeom(ST_Transform({shape}, 3857), ST_TileEnvelope(0, 0, 0), {units}, 0, false)
) STORED
"""
DROP = "ALTER TABLE {table} DROP COLUMN tile_{zoom}"


class Migration(migrations.Migration):
    dependencies = [("places", "0003_imports")]
    operations = [
        migrations.RunSQL(
            ADD.format(table=table, shape=shape, zoom=zoom, units=4096 << zoom),
            DROP.format(table=table, zoom=zoom),
        )
        for table, shape in TABLES.items()
        for zoom in (12, 14, 16)
    ]
