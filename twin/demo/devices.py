"""The demo's devices and the keys with which its simulator speaks to the public ingest."""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models.functions import Length
from django.contrib.gis.geos import Point

from twin.access.actions import issue_token
from twin.access.models import Role, Token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.verbs import verb
from twin.devices.actions import add_starter_kinds, install_device
from twin.devices.models import DeviceKind
from twin.places.models import Building, Community, Dwelling, Street, Unit

IN_DWELLINGS = {
    "smoke": 220,
    "water_meter": 160,
    "gas": 110,
    "door_contact": 70,
    "sos": 60,
    "electricity_meter": 60,
}
IN_STAIRWELLS = {"ebike_reader": 70}
TOWER_FLOORS = 9
LONG_STREETS = 24


@verb
def install_devices(*, community: Community, seed: int = 7) -> int:
    """Devices in dwellings, stairwells, towers and streets, the same for the same seed. Returns how many."""
    pick = Random(seed)  # noqa: S311  (not a secret)
    kinds = add_starter_kinds(community=community)
    dwellings = list(Dwelling.objects.counted().filter(community=community, floor__gt=0).order_by("id"))
    units = list(Unit.objects.standing().filter(community=community).order_by("id"))
    homes: list[tuple[str, Any, float | None]] = []
    for code, count in IN_DWELLINGS.items():
        homes += [(code, home, None) for home in pick.sample(dwellings, min(count, len(dwellings)))]
    for code, count in IN_STAIRWELLS.items():
        homes += [(code, home, 1.5) for home in pick.sample(units, min(count, len(units)))]
    towers = (
        Building.objects.standing().filter(community=community, floors_above__gte=TOWER_FLOORS).order_by("id")
    )
    for tower in towers:
        homes += [("lift", tower, None), ("falling_object_camera", tower, tower.height_m)]
    for street in _long_streets(community):
        homes += [("manhole", _along(street, 0.35), 0.0), ("fire_lane_camera", _along(street, 0.7), 4.0)]
    for number, (code, home, height_m) in enumerate(homes, start=1):
        _install(community, kinds[code], number, home, height_m)
    return len(homes)


def _install(community: Community, kind: DeviceKind, number: int, home: Any, height_m: float | None) -> None:
    external_id = f"demo-{kind.code.replace('_', '-')}-{number:04d}"
    name = f"{kind.name} {number:04d}"
    install_device(
        community=community, kind=kind, external_id=external_id, home=home, name=name, height_m=height_m
    )


def _long_streets(community: Community) -> list[Street]:
    streets = Street.objects.standing().filter(community=community).exclude(kind=Street.Kind.LANE)
    return list(streets.annotate(length=Length("geometry")).order_by("-length", "id")[:LONG_STREETS])


def _along(street: Street, share: float) -> Point:
    point = street.geometry[0].interpolate_normalized(share)
    point.srid = 4326
    return point


@verb
def issue_demo_tokens(*, community: Community, workers: list[User]) -> None:
    """Tokens for the simulator's gateway and phones, in a file that only this user may read."""
    _, gateway = issue_token(community=community, kind=Token.Kind.DEVICE, name="演示网关")
    phones = []
    for worker in workers:
        _, secret = issue_token(
            community=community, kind=Token.Kind.WORKER, name=f"{worker}的手机", user=worker
        )
        grid = Role.objects.get(user=worker, kind=RoleKind.GRID_WORKER).grid_id
        phones.append({"user_id": worker.pk, "username": worker.username, "token": secret, "grid_id": grid})
    document = {
        "base_url": None,
        "gateways": [{"community": community.pk, "token": gateway}],
        "workers": phones,
    }
    folder = settings.DATA / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    opened = os.open(folder / "tokens.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
