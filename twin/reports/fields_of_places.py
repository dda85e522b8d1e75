"""Fields of where a row's home is. Shapes are for all staff, but these stand beside people."""

from __future__ import annotations

from collections.abc import Iterator

from twin.places.descriptions import address_of
from twin.places.models import Dwelling
from twin.reports.facts import Facts, Row
from twin.reports.field import Cell, Group, Kind, ReportField, Subject, Words


def _grid(facts: Facts, row: Row) -> Cell:
    grid = row.dwelling.building.grid
    return (grid.name_en if facts.english else "") or grid.name


def _community(facts: Facts, row: Row) -> Cell:
    community = facts.community
    return (community.name_en if facts.english else "") or community.name


def _compound(facts: Facts, row: Row) -> Cell:
    compound = row.dwelling.building.compound
    return compound.name if compound else None


def _building(facts: Facts, row: Row) -> Cell:
    return row.dwelling.building.number or str(row.dwelling.building)


def _unit(facts: Facts, row: Row) -> Cell:
    return row.dwelling.unit.name or row.dwelling.unit.number


def _address(facts: Facts, row: Row) -> Cell:
    return address_of(row.dwelling.building, row.dwelling.unit, row.dwelling.room)


def _use(facts: Facts, row: Row) -> Cell:
    return facts.said(Dwelling.Use, row.dwelling.use)


def fields_of_places(of: Subject) -> Iterator[ReportField]:
    place = Group.PLACE
    home = "dwelling__"
    yield ReportField(
        "community", of, place, Words("社区", "Community"), ("places.Community.name",), _community
    )
    yield ReportField(
        "grid", of, place, Words("网格", "Grid"), ("places.Grid.name",), _grid,
        order=(f"{home}building__grid__code", f"{home}building__grid"),
    )  # fmt: skip
    yield ReportField(
        "compound", of, place, Words("小区", "Compound"), ("places.Compound.name",), _compound, width=20,
        order=(f"{home}building__compound__name",),
    )  # fmt: skip
    yield ReportField(
        "building", of, place, Words("楼栋", "Building"), ("places.Building.number", "places.Building.name"), _building,
        order=(f"{home}building",),
    )  # fmt: skip
    yield ReportField(
        "unit", of, place, Words("单元", "Unit"), ("places.Unit.number", "places.Unit.name"), _unit, width=8,
        order=(f"{home}unit",),
    )  # fmt: skip
    yield ReportField(
        "floor", of, place, Words("楼层", "Floor"), ("places.Dwelling.floor",),
        lambda facts, row: row.dwelling.floor, Kind.NUMBER, width=8, order=(f"{home}floor",),
    )  # fmt: skip
    yield ReportField(
        "room", of, place, Words("室", "Room"), ("places.Dwelling.room",),
        lambda facts, row: row.dwelling.room, width=10, order=(f"{home}room",),
    )  # fmt: skip
    yield ReportField(
        "address", of, place, Words("地址", "Address"),
        ("places.Building.address", "places.Unit.number", "places.Unit.name", "places.Dwelling.room"), _address, width=36,
    )  # fmt: skip
    yield ReportField(
        "dwelling_use", of, place, Words("房屋用途", "Use of the dwelling"), ("places.Dwelling.use",), _use, Kind.CHOICE,
        order=(f"{home}use",),
    )  # fmt: skip
    yield ReportField(
        "open_alarms", of, Group.DEVICES, Words("未结告警", "Open alarms"), ("devices.Alarm.closed_at",),
        lambda facts, row: facts.open_alarms.get(row.dwelling.pk, 0), Kind.NUMBER,
    )  # fmt: skip
