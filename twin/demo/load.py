"""The whole demo, room by room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from twin.base.verbs import unit_of_work
from twin.demo.devices import install_devices, issue_demo_tokens
from twin.demo.places import Step, load_places
from twin.demo.points import keep_ledgers
from twin.demo.reports import save_reports
from twin.demo.residents import move_in
from twin.demo.staff import hire_staff
from twin.demo.visits import pay_visits
from twin.places.actions import cut_building
from twin.places.models import Building, Community

Cut = Callable[[Building, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    community: Community
    buildings: int
    dwellings: int
    households: int
    people: int
    devices: int
    entries: int
    visits: int


def load_demo(
    *,
    step: Step = lambda _: None,
    begin_cutting: Callable[[int], None] = lambda _: None,
    cut: Cut = lambda *_: None,
    limit: int | None = None,
) -> Report:
    """Everything in one transaction. `limit`: cut only about so many dwellings."""
    with unit_of_work():
        community = load_places(step=step)
        residential = Building.objects.filter(community=community, use=Building.Use.RESIDENTIAL).order_by(
            "id"
        )
        begin_cutting(residential.count())
        dwellings = 0
        for building in residential:
            if limit is not None and dwellings >= limit:
                break
            made = cut_building(building=building)
            dwellings += made
            cut(building, made, "")
        households, people = move_in(community=community)
        _count_rows()
        workers = hire_staff(community=community)
        devices = install_devices(community=community)
        issue_demo_tokens(community=community, workers=workers)
        entries = keep_ledgers(community=community, workers=workers)
        save_reports(community=community)
        visits = pay_visits(community=community)
        _count_rows()
    buildings = Building.objects.filter(community=community).count()
    return Report(community, buildings, dwellings, households, people, devices, entries, visits)


def _count_rows() -> None:
    """Tell the planner what has come. By itself the database counts a minute after the commit; planned for the empty tables
    of before, a question that takes a millisecond took ten minutes."""
    tables = sorted(model._meta.db_table for model in apps.get_models() if model._meta.managed)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
