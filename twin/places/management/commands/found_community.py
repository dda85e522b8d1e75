from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from shapely import get_parts, union_all

from twin.base.errors import TwinError
from twin.places.actions import found_community
from twin.places.importing.coordinates import locate
from twin.places.importing.opening import opened
from twin.places.importing.outlines import shape_areas
from twin.places.importing.reading import read_table
from twin.places.importing.request import Options
from twin.places.importing.rows import Row
from twin.places.importing.shapes import geos


class Command(BaseCommand):
    help = "Found a community: its name, and its boundary from a file if there is one. Then import places into it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--code", default="", help="12 digits: 6 area, 3 street, 3 community")
        parser.add_argument("--division", default="", help="where it lies: '海棠市 海湾区 海棠湾街道'")
        parser.add_argument("--time-zone", default="Asia/Shanghai")
        parser.add_argument("--storey-height", type=float, default=2.9, help="metres")
        parser.add_argument("--approval-number", default="", help="审图号, shown on the map")
        parser.add_argument("--boundary", type=Path, help="file with the area of the community")
        parser.add_argument("--crs", help="coordinate system of the boundary; else read from the file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            community = found_community(
                name=options["name"],
                name_en=options["name_en"],
                code=options["code"],
                division=options["division"],
                time_zone=options["time_zone"],
                storey_height_m=options["storey_height"],
                approval_number=options["approval_number"],
                boundary=boundary_in(options["boundary"], options["crs"]) if options["boundary"] else None,
            )
        except TwinError as error:
            raise CommandError(f"{error.code}: {error}") from error
        except IntegrityError as error:
            raise CommandError(str(error).splitlines()[0]) from error
        self.stdout.write(f"{community.pk} {community}")


def boundary_in(path: Path, crs: str | None) -> Any:
    """All areas of a file together. Raises FileRefused; CommandError for a row that is no area."""
    with opened(path) as file:
        table = read_table(file, kind="grids", layer=None, encoding=None)
    located = locate(table, Options(crs=crs), None)
    rows = [Row(number + 1, str(number)) for number in range(len(table))]
    shape_areas(rows, located.geometries)
    wrong = [row for row in rows if not row.is_wanted]
    if wrong or not rows:
        said = f"row {wrong[0].number}: {wrong[0].notes[0].message}" if wrong else "no rows"
        raise CommandError(f"The boundary cannot be read: {said}")
    whole = union_all([row.shape for row in rows])
    if any(part.geom_type != "Polygon" for part in get_parts(whole)):
        raise CommandError("The boundary is no area.")
    return geos(whole)
