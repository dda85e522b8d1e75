"""What somebody can do about a refusal, by its code: one sentence for who knows the files and not their formats.

English here, Chinese in the catalogue. Every code that refuses a file or a row has one (a test sees to it).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Phrase = str | Promise

GROUPS: tuple[tuple[Phrase, str], ...] = (
    (
        _("Check that you chose the right file and that it opens where it was made; then send it again."),
        "no_such_file empty_file json_is_broken json_line_is_broken archive_is_broken file_cannot_be_read broken_ring "
        "no_geometry geometry_cannot_be_read area_where_area_is_needed line_without_length",
    ),
    (
        _(
            "Ask whoever made it to export it as GeoJSON or GeoPackage, or as a Shapefile with all of its parts in one zip."
        ),
        "other_format unknown_format sqlite_is_no_geopackage json_is_no_geojson cityjson_version text_cannot_be_read "
        "archive_holds_no_data no_layer_with_shapes",
    ),
    (
        _("Select the .shp, .shx, .dbf and .prj files together, pack them into one zip, and send that."),
        "part_of_a_shapefile shapefile_is_incomplete",
    ),
    (
        _(
            "Ask for the places in several smaller files, by street or by grid, under the same name of the source."
        ),
        "file_too_large archive_is_too_large too_many_rows archive_has_too_many_entries",
    ),
    (
        _(
            "Do not open this archive. Ask the sender to pack the data once more, plainly and without a password."
        ),
        "archive_is_encrypted archive_is_a_bomb archive_leaves_its_folder archive_holds_a_link",
    ),
    (_("Choose “buildings” as the kind of place, or take another file."), "cityjson_holds_buildings"),
    (
        _("Below, under “more settings”, write the name of one of the layers listed here, and check again."),
        "several_layers no_such_layer",
    ),
    (
        _("Below, under “more settings”, write the encoding: GBK for most older files, else UTF-8."),
        "unknown_encoding encoding_cannot_be_told",
    ),
    (
        _(
            "Ask whoever made the file for its coordinate system, choose it below and check again. Files of the city's "
            "surveyors are mostly CGCS2000; GPS is WGS 84; from AMap or Tencent it is GCJ-02, from Baidu BD-09."
        ),
        "system_is_missing unknown_system",
    ),
    (
        _(
            "Longitude and latitude have changed places. Ask for the file with longitude first; nothing else is wrong."
        ),
        "swapped_axes",
    ),
    (
        _(
            "The file names one coordinate system and holds the numbers of another. Ask whoever made it which is right; if "
            "it is the one suggested here, choose that below and check again."
        ),
        "web_mercator_numbers metres_as_degrees degrees_as_metres wrong_zone other_projection outside_area",
    ),
    (
        _("Cells with coordinates are empty or hold text. Ask for the file with its shapes complete."),
        "not_numbers",
    ),
    (
        _(
            "The places lie somewhere else than this community. Is it the right file, and the right community? If it is, "
            "tick “far away is right” below and check again."
        ),
        "far_from_community",
    ),
    (
        _(
            "Maps from phones and from the internet are shifted by some hundred metres. Choose the coordinate system named "
            "here, and check again: it is converted. Insist only if you know better."
        ),
        "shift_is_gcj02 shift_is_bd09 shift_is_not_there",
    ),
    (
        _("Choose a file with streets or buildings whose place is known to be right, or none."),
        "reference_is_neither_streets_nor_buildings",
    ),
    (
        _("Below, under “more settings”, correct the names of columns and fields, and check again."),
        "no_such_column no_such_field id_column_is_empty",
    ),
    (
        _(
            "To update what is there, write the name of that source below and check again. If these are really other "
            "buildings, tick “they are others” and check again."
        ),
        "already_there",
    ),
    (
        _("Nobody knows where it is: have it drawn where it stands, or add it by hand."),
        "lies_at_zero outside_system",
    ),
    (_("It is a parcel or a district: have the outlines of its buildings exported."), "area_is_implausible"),
    (
        _("Export the layer with areas: of a building its outline, not its middle."),
        "point_where_area_is_needed line_where_area_is_needed",
    ),
    (
        _("Export the layer with lines: of a street its middle line."),
        "point_where_line_is_needed area_where_line_is_needed",
    ),
    (
        _("Have its outline drawn again, or draw it by hand here after the import."),
        "broken_beyond_repair",
    ),
    (_("Give each its own id in the file, then send it again."), "id_is_not_unique"),
    (
        _("Nothing to do: the place comes in once, with the other row."),
        "repeats_row id_is_taken_by_row is_a_label",
    ),
    (
        _(
            "Correct the number in the file, or leave the cell empty; then it is worked out from what else is known."
        ),
        "height_is_implausible floors_are_implausible",
    ),
    (_("Write what it is (park, water, parking, …) in the column of its kind."), "land_kind_unknown"),
    (_("Write its name in the file, then send it again."), "name_is_missing"),
    (
        _(
            "Two places cannot have one name. Give one of them another, or use the source under which the other came."
        ),
        "name_is_taken name_repeats_row",
    ),
    (_("Nothing to do: the community itself is there already."), "row_is_the_community"),
    (
        _(
            "Write code, id or name of a grid that exists, or of one in the same file, in the column of the grid above."
        ),
        "parent_unknown parent_is_itself parent_is_a_circle",
    ),
    (_("Correct that row first; then this one comes in as well."), "parent_is_refused"),
    (_("If it should move, tick “move grids in the tree” below and check again."), "parent_changed"),
    (
        _("Give the buildings that were put there by hand to another grid first: Buildings, field Grid."),
        "parent_holds_decided_buildings",
    ),
    (
        _(
            "Let the borders meet without overlapping: one of the two must give way, in the file or here on the map."
        ),
        "overlaps_sibling overlaps_standing_grid",
    ),
    (_("End or move the grids below it first, or let them end in the same file."), "grid_holds_grids"),
    (
        _("Nothing was changed. Apply it once more; if it fails again, tell whoever runs the twin."),
        "import_failed",
    ),
)

REMEDIES: Mapping[str, Phrase] = {code: phrase for phrase, codes in GROUPS for code in codes.split()}


def remedy_of(code: str) -> str:
    """In the language of whoever reads it; "" for what is no refusal."""
    return str(REMEDIES.get(code, ""))
