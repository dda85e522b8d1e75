"""What follows places. A shift belongs to one leaf grid: what happens there is told in that grid's topic, and in no other. So
it ends with its grid, and nobody divides a grid in which somebody walks. Visits stay with the home when its building is cut
anew, as the people do.
"""

from __future__ import annotations

from twin.base.errors import Conflict
from twin.base.events import listen
from twin.base.verbs import collect
from twin.patrol.actions.shifts import close_shift
from twin.patrol.models import Shift
from twin.people.actions.rehoming import follow_cells
from twin.places.events import BuildingCut, GridDrawn, GridEnded, GridMoved
from twin.places.models import Grid


@listen(GridEnded, within=True)
def end_with_the_grid(event: GridEnded) -> None:
    for shift in Shift.objects.open().filter(grid=event.grid_id).order_by("pk").select_for_update():
        close_shift(shift=shift)


@listen(GridDrawn, within=True)
def keep_the_divided_one_whole(event: GridDrawn) -> None:
    collect(_keep_whole, event.grid_id)


@listen(GridMoved, within=True)
def keep_the_new_parent_whole(event: GridMoved) -> None:
    collect(_keep_whole, event.grid_id)


@listen(BuildingCut, within=True)
def follow_cut(event: BuildingCut) -> None:
    collect(_rehome, event.building_id)


def _rehome(buildings: list[int]) -> None:
    for building_id in sorted(set(buildings)):
        follow_cells(building_id, [("patrol_visit", "dwelling_id")])


def _keep_whole(below: list[int]) -> None:
    """Raises Conflict, naming who has to come home first, where somebody walks in a grid that one of these now divides."""
    above = Grid.objects.filter(pk__in=below).values("parent")
    shift = Shift.objects.open().filter(grid__in=above).select_related("worker", "grid").first()
    if shift is not None:
        raise Conflict(
            "%(worker)s is on shift in %(grid)s; end that shift before the grid is divided.",
            worker=shift.worker,
            grid=shift.grid,
            where="parent",
        )
