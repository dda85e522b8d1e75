"""What notes on one row say, by their code. English here, Chinese in the catalogue."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROW: dict[str, str | Promise] = {
    # shapes
    "no_geometry": _("The row has no shape."),
    "geometry_cannot_be_read": _("The shape cannot be read."),
    "lies_at_zero": _("The row lies at longitude 0, latitude 0: nobody knows its place."),
    "far_from_others": _("Lies %(km)s km away from the other rows."),
    "area_is_implausible": _("An area of %(m2)s m² is no building."),
    "area_is_small": _("The footprint has only %(m2)s m²."),
    "outside_system": _("The coordinates lie where %(system)s is not used."),
    "point_where_area_is_needed": _("The row is a point; an area is needed."),
    "line_where_area_is_needed": _("The row is a line that is not closed; an area is needed."),
    "area_where_area_is_needed": _("The area is empty."),
    "point_where_line_is_needed": _("The row is a point; a line is needed."),
    "area_where_line_is_needed": _("The row is an area; a line is needed."),
    "line_without_length": _("The line has no length."),
    "broken_ring": _("The outline is broken: %(reason)s."),
    "broken_beyond_repair": _(
        "The outline crosses itself so that its shape cannot be told: repairing it would move "
        "%(changed_m2)s m² of %(area_m2)s m²."
    ),
    "ring_repaired": _("The outline was repaired (%(repair)s), which moved %(changed_m2)s m²."),
    "ring_closed": _("The outline was not closed; it was closed."),
    "closed_line_taken_as_outline": _("A closed line was taken as an outline."),
    "other_parts_left_out": _("Parts of another kind were left out."),
    "faces_seen_from_above": _("%(count)s faces of a body: the footprint is what they cover."),
    "building_has_parts": _("The building has %(count)s parts; the footprint is theirs together."),
    # ids and pieces
    "id_is_missing": _("The row has no id; it is known as %(id)s."),
    "id_is_not_unique": _("The id %(id)s is also that of rows %(rows)s, too far away to be one building."),
    "id_is_taken_by_row": _("The id is that of row %(row)s."),
    "repeats_row": _("The row repeats row %(row)s."),
    "is_a_label": _("The row is a label of row %(row)s."),
    "pieces_joined": _("%(count)s pieces with the same id were joined (with rows %(rows)s)."),
    "same_piece_repeated": _("The same shape comes %(count)s times (also rows %(rows)s)."),
    "pieces_differ": _("The pieces say different things; taken from the largest: %(fields)s."),
    "parts_stand_apart": _("The parts stand %(gap_m)s m apart."),
    "pieces_overlap": _("The pieces lie on each other."),
    # numbers and words
    "number_not_understood": _("%(field)s: %(text)s is not understood, and taken as unknown."),
    "number_means_unknown": _("%(field)s: %(value)s is taken as unknown."),
    "number_is_implausible": _("%(field)s: %(value)s is not plausible, and left out."),
    "unit_names_not_understood": _("The names of the units are not understood: %(text)s."),
    "height_is_implausible": _(
        "A height of %(height_m)s m is not plausible; buildings have 0.5 to %(most_m)s m."
    ),
    "height_implausible_floors_used": _(
        "A height of %(height_m)s m is not plausible; it was worked out from %(floors)s floors."
    ),
    "floors_are_implausible": _("%(floors)s floors are not plausible; buildings have at most %(most)s."),
    "floors_implausible_height_used": _(
        "%(floors)s floors are not plausible; they were worked out from %(height_m)s m."
    ),
    "floors_below_implausible": _("%(floors)s floors below ground are not plausible, and left out."),
    "floors_were_a_fraction": _("%(value)s floors were taken as %(floors)s."),
    "floors_from_height": _(
        "%(floors)s floors, from a height of %(height_m)s m at %(storey_height_m)s m each."
    ),
    "height_from_floors": _("%(height_m)s m high, from %(floors)s floors of %(storey_height_m)s m."),
    "height_from_geometry": _("%(height_m)s m high, from the body itself."),
    "height_unknown": _("Neither floors nor height are known: taken as %(floors)s floors, %(height_m)s m."),
    "storey_height_unusual": _(
        "%(height_m)s m for %(floors)s floors make %(storey_m)s m each, which is unusual."
    ),
    "base_implausible": _(
        "A base at %(base_m)s m does not go with a height of %(height_m)s m, and was left out."
    ),
    "text_was_cut": _("%(field)s is longer than %(longest)s letters and was cut: %(text)s"),
    "compound_unknown": _("There is no compound %(compound)s."),
    "street_kind_unknown": _("The kind of street is not known; a new one is taken as residential."),
    "land_kind_unknown": _("What ground this is cannot be told from: %(text)s."),
    "name_is_missing": _("The row has no name."),
    "name_is_taken": _("The name %(name)s is that of another place, from source %(source)s."),
    "name_repeats_row": _("The name %(name)s is that of row %(row)s."),
    "colour_not_understood": _("A colour looks like #37d5ff; %(text)s was left out."),
    # what meets what
    "same_shape_as_row": _("The shape is that of row %(row)s."),
    "overlaps_row": _("Overlaps row %(row)s by %(m2)s m² (%(percent)s %%)."),
    "same_shape_as_building": _("The shape is that of building %(building)s, from source %(source)s."),
    "overlaps_building": _("Overlaps building %(building)s by %(m2)s m² (%(percent)s %%)."),
    "on_a_border": _("Lies on a border: %(percent)s %% in %(grid)s, also in %(others)s."),
    "partly_in_no_grid": _("%(percent)s %% lie in %(grid)s, the rest in no grid."),
    "in_no_grid": _("Lies in no grid."),
    "moves_to_grid": _("Moves to the grid %(grid)s."),
    "cut_no_longer_fits": _("The building has been cut into dwellings, which no longer fit; cut it again."),
    # what is not in the file
    "not_in_the_file": _("“%(name)s” is not in the file: it ends."),
    "ends_with_dwellings": _("%(count)s dwellings end with it."),
    "ends_with_buildings": _(
        "Its %(count)s buildings go into the grids where they lie, or to the unassigned one."
    ),
    "ends_as_compound": _("%(count)s buildings belong to it, and then to no compound."),
    # grids
    "row_is_the_community": _("The row is the community itself."),
    "parent_unknown": _("There is no grid %(parent)s above it."),
    "parent_is_itself": _("The grid names itself as the one above it."),
    "parent_is_a_circle": _("The grids above it lead back to itself."),
    "parent_is_refused": _("The grid above it, row %(row)s, was refused."),
    "parent_changed": _(
        "The grid would move in the tree, from %(before)s to %(now)s, with all that is counted below it; "
        "that is done only when it is asked for (move grids)."
    ),
    "moves_in_the_tree": _(
        "Moves in the tree from %(before)s to %(now)s, with %(buildings)s buildings and all else below it."
    ),
    "grid_holds_grids": _("Is not in the file, but grids lie below it and stay: %(names)s."),
    "parent_holds_decided_buildings": _(
        "The grid above it holds buildings that a clerk has put there; decide about them first."
    ),
    "overlaps_sibling": _("Overlaps %(name)s (row %(row)s) by %(m2)s m²."),
    "overlaps_standing_grid": _("Overlaps the grid %(name)s by %(m2)s m²."),
    "grid_leaves_its_parent": _("%(m2)s m² (%(percent)s %%) lie outside the grid above it."),
}
