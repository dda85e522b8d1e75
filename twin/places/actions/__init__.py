"""The verbs of the room: the only code that writes places."""

from twin.places.actions.addresses import end_alias, learn_alias
from twin.places.actions.buildings import add_building, change_building, end_building, place_in_grid
from twin.places.actions.communities import describe_community, found_community
from twin.places.actions.cutting import cut_building, cut_buildings
from twin.places.actions.dwellings import state_use
from twin.places.actions.grids import draw_grid, end_grid, move_grid, reshape_grid
from twin.places.actions.ground import (
    add_compound,
    add_entrance,
    add_land_cover,
    add_street,
    change_place,
    end_place,
)

__all__ = [
    "add_building",
    "add_compound",
    "add_entrance",
    "add_land_cover",
    "add_street",
    "change_building",
    "change_place",
    "cut_building",
    "cut_buildings",
    "describe_community",
    "draw_grid",
    "end_alias",
    "end_building",
    "end_grid",
    "end_place",
    "found_community",
    "learn_alias",
    "move_grid",
    "place_in_grid",
    "reshape_grid",
    "state_use",
]
