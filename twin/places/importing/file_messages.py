"""What notes on a whole file say, by their code. English here, Chinese in the catalogue."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE: dict[str, str | Promise] = {
    # what a file is
    "no_such_file": _("There is no file %(path)s."),
    "empty_file": _("The file is empty."),
    "file_too_large": _("The file has %(mib)s MiB; at most %(most_mib)s MiB are read."),
    "other_format": _(
        "This is %(what)s; GeoJSON, GeoPackage, Shapefile (all parts in one zip) and CityJSON are read."
    ),
    "unknown_format": _(
        "This is no format that is read: GeoJSON, GeoPackage, Shapefile (all parts in one zip), CityJSON."
    ),
    "sqlite_is_no_geopackage": _("This is an SQLite file, but no GeoPackage."),
    "part_of_a_shapefile": _("%(part)s is only a part of a shapefile; send all of its parts in one zip."),
    "shapefile_is_incomplete": _(
        "The shapefile %(name)s lacks %(missing)s; send all of its parts in one zip."
    ),
    "json_is_broken": _("The JSON is broken: %(reason)s."),
    "json_line_is_broken": _("Line %(line)s is no feature of GeoJSON: %(reason)s."),
    "json_is_no_geojson": _("This JSON is neither GeoJSON nor CityJSON: %(reason)s."),
    "text_cannot_be_read": _("The text is neither UTF-8 nor GBK."),
    "text_was_not_utf8": _("The text is in %(encoding)s, where the format asks for UTF-8; read as such."),
    "file_cannot_be_read": _("The file cannot be read as %(format)s: %(reason)s."),
    "cityjson_version": _("CityJSON %(version)s is not read; known are %(known)s."),
    "cityjson_holds_buildings": _("From CityJSON only buildings are read, not %(kind)s."),
    "archive_is_broken": _("The archive is broken: %(reason)s."),
    "archive_is_encrypted": _("The archive is encrypted; send it without a password."),
    "archive_is_too_large": _("The archive unpacks to more than %(most_mib)s MiB."),
    "archive_is_a_bomb": _(
        "%(name)s in the archive unpacks to %(ratio)s times its size; real data does not."
    ),
    "archive_has_too_many_entries": _("The archive has %(count)s entries; at most %(most)s are looked at."),
    "archive_leaves_its_folder": _("The archive names a file outside of itself: %(name)s."),
    "archive_holds_a_link": _("%(name)s in the archive is a link."),
    "archive_holds_no_data": _("The archive holds no shapefile, GeoPackage or GeoJSON; it holds: %(names)s."),
    "taken_from_archive": _("Read from the archive: %(name)s."),
    "several_layers": _("The file has several layers; name one: %(names)s."),
    "no_such_layer": _("There is no layer %(layer)s; there are: %(names)s."),
    "no_layer_with_shapes": _("No layer of the file has shapes."),
    "layer_chosen_by_name": _("The layer %(layer)s was read, of several, because of its name."),
    "too_many_rows": _("The file has %(count)s rows; at most %(most)s are imported at once."),
    "import_failed": _(
        "The import failed; nothing was changed. Apply it again, or ask whoever runs the twin."
    ),
    "no_rows": _("The file has no rows."),
    # texts
    "unknown_encoding": _("%(encoding)s is no encoding that is known."),
    "encoding_cannot_be_told": _("The texts are neither UTF-8 nor GBK; state the encoding."),
    "encoding_is_not_as_named": _(
        "The file says that its texts are in %(named)s; they are in %(encoding)s, and were read so."
    ),
    # coordinates
    "system_is_missing": _("The file does not say in which coordinate system it is; state it."),
    "unknown_system": _("%(text)s names no coordinate system: %(reason)s."),
    "stated_system_differs": _("The file says %(read)s; it was read as %(stated)s, as stated."),
    "not_numbers": _("Most coordinates are missing or no numbers: %(reason)s."),
    "swapped_axes": _("The axes are swapped: %(reason)s."),
    "web_mercator_numbers": _(
        "These are Web Mercator numbers under the name of %(declared)s: %(reason)s. It would be %(instead)s."
    ),
    "metres_as_degrees": _(
        "These are metres under the name of degrees, %(declared)s: %(reason)s. It could be %(instead)s."
    ),
    "degrees_as_metres": _(
        "These are degrees under the name of metres, %(declared)s: %(reason)s. It could be %(instead)s."
    ),
    "wrong_zone": _("This is another zone than %(declared)s: %(reason)s. It could be %(instead)s."),
    "other_projection": _(
        "This is another projection than %(declared)s: %(reason)s. It could be %(instead)s."
    ),
    "outside_area": _("The coordinates lie outside the area of %(declared)s: %(reason)s."),
    "far_from_community": _(
        "Read as %(declared)s, the file lies far from the community; check the system, or insist."
    ),
    "outside_boundary": _("%(count)s places lie outside the boundary of the community."),
    # shift
    "shift_cannot_happen_here": _("The file lies outside China, where there is no GCJ-02 or BD-09 shift."),
    "shift_is_judged_for_buildings_and_streets": _(
        "A GCJ-02 or BD-09 shift cannot be judged for this kind of place."
    ),
    "shift_has_no_reference": _(
        "Whether the file is shifted (GCJ-02, BD-09) cannot be judged: there are no streets or "
        "buildings to compare it with. Import streets first, or give a reference."
    ),
    "shift_cannot_be_judged": _(
        "Whether the file is shifted (GCJ-02, BD-09) cannot be judged against %(reference)s: %(reason)s."
    ),
    "shift_is_none": _("The file is not shifted against %(reference)s (%(overlap)s overlap)."),
    "shift_is_gcj02": _(
        "The file is shifted, its numbers are GCJ-02: as %(declared)s it has %(overlap)s overlap with "
        "%(reference)s, as GCJ-02 %(overlap_then)s. State GCJ-02 to convert it, or insist."
    ),
    "shift_is_bd09": _(
        "The file is shifted, its numbers are BD-09: as %(declared)s it has %(overlap)s overlap with "
        "%(reference)s, as BD-09 %(overlap_then)s. State BD-09 to convert it, or insist."
    ),
    "shift_is_not_there": _(
        "The file is not in %(declared)s: as %(declared)s it has %(overlap)s overlap with %(reference)s, "
        "without a shift %(overlap_then)s. State EPSG:4326, or insist."
    ),
    "shift_accepted": _(
        "The numbers look like %(really)s: as %(declared)s %(overlap)s overlap with %(reference)s, as "
        "%(really)s %(overlap_then)s. Taken as %(declared)s, as somebody insists."
    ),
    "reference_is_neither_streets_nor_buildings": _(
        "The reference %(name)s holds neither streets nor buildings."
    ),
    # columns and ids
    "no_such_column": _("There is no column %(column)s; there are: %(columns)s."),
    "no_such_field": _("There is no field %(field)s; there are: %(fields)s."),
    "columns_not_read": _("Columns that were not read: %(columns)s."),
    "id_column_is_empty": _("The column %(column)s holds no ids."),
    "column_is_no_id": _(
        "%(column)s was not taken as an id: %(count)s rows that cannot be one place share one."
    ),
    "id_from_column": _(
        "Rows are known by the column %(column)s; a later file with the same ids updates them."
    ),
    "id_from_feature": _(
        "Rows are known by the ids of their features; a later file with the same ids updates them."
    ),
    "id_from_name": _(
        "There is no column with ids: rows are known by their names; one with another name is another place."
    ),
    "id_from_shape": _(
        "There is no column with ids: rows are known by their shapes; one that is drawn differently "
        "is another place."
    ),
    "ids_moved": _(
        "%(count)s of %(rows)s known places lie elsewhere in this file; their ids may have been given anew."
    ),
    "words_not_known": _("%(count)s words stand for nothing that is known: %(words)s."),
    "use_is_not_stated": _("No column says what buildings are used for; new ones are taken as residential."),
    # what is there
    "no_grids_yet": _(
        "The community has no grids with borders yet: %(count)s buildings go to the unassigned grid."
    ),
    "most_would_end": _(
        "%(count)s of %(known)s known places of this source would end. Is this the whole, or only a part of it?"
    ),
    "overlaps_not_all_told": _("There are more overlaps than are told."),
    "some_already_there": _("%(count)s footprints are there already, from source %(source)s."),
    "already_there": _(
        "%(count)s of %(rows)s footprints are there already, from source %(source)s: import under "
        "that name to update them, or insist."
    ),
    "other_objects_left_out": _("Objects that are no buildings were left out: %(objects)s."),
    "templates_left_out": _("%(count)s buildings have shapes from templates, which are not read."),
    "community_row_left_out": _(
        "%(count)s rows are the community itself; it is the root of the tree already."
    ),
    "gap_between_grids": _("Between the grids is a gap of %(m2)s m² at %(lon)s, %(lat)s."),
    "more_gaps": _("%(count)s more gaps, of %(m2)s m² together."),
}
