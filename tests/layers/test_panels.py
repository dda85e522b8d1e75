from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from django.test import Client

from gis.local_metres import LocalMetres
from gis.tile_address import tile_at
from twin.accounts.models import User
from twin.places.actions import cut_building
from twin.places.models import Building, Community, Dwelling


@dataclass(frozen=True)
class PanelFile:
    """Read by hand, from docs/formats.md, so that the writer is not checked by itself."""

    header: tuple[Any, ...]
    ids: Any
    buildings: Any
    panels: Any
    base: Any
    top: Any
    first: Any
    building_of: Any
    floor: Any
    flags: Any


def read(body: bytes) -> PanelFile:
    header = struct.unpack_from("<4sHH3I3Idd", body)
    _, _, start, *_, dwellings, panels, buildings, _, _ = header
    columns, offset = [], start
    for kind, count in (("<f8", dwellings), ("<f8", buildings), ("<f4", 4 * panels), ("<f4", dwellings),
                        ("<f4", dwellings), ("<u4", dwellings + 1), ("<u4", dwellings), ("<i2", dwellings),
                        ("u1", dwellings)):  # fmt: skip
        columns.append(np.frombuffer(body, kind, count, offset))
        assert offset % np.dtype(kind).itemsize == 0, "a column that is not aligned cannot be mapped"
        offset += columns[-1].nbytes
    assert offset == len(body)
    columns[2] = columns[2].reshape(-1, 4)
    return PanelFile(header, *columns)


@pytest.fixture
def panel_file(community: Community, west_building: Building, officer: User, client: Client) -> PanelFile:
    cut_building(building=west_building)
    client.force_login(officer)
    at = tile_at(*west_building.anchor.coords, 16)
    answer = client.get(f"/layers/{community.pk}/panels/0/16/{at.x}/{at.y}.bin", follow=True)
    assert answer.status_code == 200
    return read(answer.content)


def test_the_header_names_format_tile_and_origin(panel_file: PanelFile, west_building: Building) -> None:
    magic, version, size, z, x, y, dwellings, _, buildings, lon, lat = panel_file.header
    at = tile_at(*west_building.anchor.coords, 16)
    assert (magic, version, size) == (b"TWPN", 1, 64)
    assert (z, x, y) == (16, at.x, at.y)
    assert (dwellings, buildings) == (24, 1)
    assert tile_at(lon, lat, 16) == at


def test_every_dwelling_is_there_with_its_floor_and_heights(
    panel_file: PanelFile, west_building: Building
) -> None:
    for row, dwelling in enumerate(Dwelling.objects.filter(building=west_building).order_by("id")):
        assert panel_file.ids[row] == dwelling.pk
        assert panel_file.floor[row] == dwelling.floor
        assert panel_file.base[row] == pytest.approx(dwelling.base_m, abs=1e-4)
        assert panel_file.top[row] == pytest.approx(dwelling.top_m, abs=1e-4)
        assert panel_file.buildings[panel_file.building_of[row]] == west_building.pk


def test_the_panels_of_a_dwelling_are_its_outer_walls_to_the_millimetre(
    panel_file: PanelFile, west_building: Building
) -> None:
    frame = LocalMetres(*panel_file.header[-2:])
    for row, dwelling in enumerate(Dwelling.objects.filter(building=west_building).order_by("id")):
        mine = panel_file.panels[panel_file.first[row] : panel_file.first[row + 1]]
        walls = np.array([wall.coords for wall in dwelling.walls])
        x, y = frame.to_local(walls[:, :, 0], walls[:, :, 1])
        expected = np.column_stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]])
        assert mine == pytest.approx(expected, abs=1e-3)
        assert len(mine) >= 1


def test_outside_is_on_the_right_of_every_panel(panel_file: PanelFile, west_building: Building) -> None:
    import shapely

    frame = LocalMetres(*panel_file.header[-2:])
    house = frame.local_geometry(shapely.from_wkb(bytes(west_building.footprint.wkb)))
    for x0, y0, x1, y1 in panel_file.panels:
        length = np.hypot(x1 - x0, y1 - y0)
        right = ((x0 + x1) / 2 + (y1 - y0) / length * 0.2, (y0 + y1) / 2 - (x1 - x0) / length * 0.2)
        assert not house.contains(shapely.Point(right))


def test_a_tile_without_dwellings_is_an_empty_file_and_no_error(
    community: Community, officer: User, client: Client
) -> None:
    client.force_login(officer)
    answer = client.get(f"/layers/{community.pk}/panels/0/16/1/1.bin", follow=True)
    assert read(answer.content).header[6:9] == (0, 0, 0)


def test_a_resident_gets_no_panels(
    community: Community, west_building: Building, stranger: User, client: Client
) -> None:
    client.force_login(stranger)
    assert client.get(f"/layers/{community.pk}/panels/0/16/1/1.bin").status_code == 404
