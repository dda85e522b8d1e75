"""A real district, imported as it came, some of it cut: its windows can be clicked like the demo's."""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page

from tests.e2e.aim import Scene
from tests.e2e.chromium import PLAIN
from tests.e2e.conftest import SignedIn
from tests.e2e.footprint_kinds import by_outline
from tests.e2e.looking import click, screen_of, wait_until_drawn
from tests.e2e.site import PASSWORD, Site

SEED = int(os.environ.get("TWIN_CLICK_SEED", "20261122"))
CHOSEN = 60
LEAST_KINDS = 6
FOOTPRINTS = 5438
NAME = "南山样区"
SURVEYOR = f"""
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.models import Community
user = User.objects.create_user(username="surveyor", password="{PASSWORD}", name="测绘员")
grant_role(user=user, kind=RoleKind.DUTY_OFFICER, community=Community.objects.get(name="{NAME}"))
"""


@dataclass(frozen=True)
class District:
    community: int
    verdicts: list[dict[str, str]]
    chosen: dict[int, str]
    """The buildings that were cut, and the kind of their footprint."""


@pytest.fixture(scope="session")
def district(site: Site, sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> District:
    """Founded, imported and cut with the commands that an administrator has."""
    rows = tmp_path_factory.mktemp("district") / "rows.csv"
    footprints = sample_data / "buildings" / "shenzhen_nanshan_height_wgs84.geojson"
    site.manage("found_community", NAME, "--name-en", "Nanshan sample")
    site.manage(
        "import_places", str(footprints), "--community", NAME, "--kind", "buildings", "--rows", str(rows)
    )
    community = site.database.rows("SELECT id FROM places_community WHERE name = %s", NAME)[0][0]
    kinds = by_outline(site.database, community)
    chosen = choose(kinds, CHOSEN, SEED)
    site.manage("cut_buildings", "--community", NAME, "--use", "all", *(f"--building={pk}" for pk in chosen))
    site.manage("shell", "-c", SURVEYOR)
    with rows.open(encoding="utf-8-sig", newline="") as file:
        return District(community, list(csv.DictReader(file)), {pk: kinds[pk] for pk in chosen})


def choose(kinds: dict[int, str], count: int, seed: int) -> list[int]:
    """Buildings by lot, as many of each kind as there are, up to an equal share."""
    pick = Random(seed)
    queues = [
        pick.sample(own, len(own))
        for own in ([pk for pk in sorted(kinds) if kinds[pk] == kind] for kind in sorted(set(kinds.values())))
    ]
    in_turn = [queue[turn] for turn in range(max(map(len, queues))) for queue in queues if turn < len(queue)]
    return in_turn[:count]


def test_every_footprint_of_the_district_is_accounted_for(district: District, site: Site) -> None:
    counted = Counter(row["verdict"] for row in district.verdicts)
    assert sum(counted.values()) == FOOTPRINTS
    assert set(counted) <= {"create", "join", "refuse"}
    assert all(row["notes"] for row in district.verdicts if row["verdict"] == "refuse")
    standing = site.database.rows(
        "SELECT count(*), count(*) FILTER (WHERE ST_IsValid(footprint)) FROM places_building WHERE community_id = %s",
        district.community,
    )
    assert standing == [(counted["create"], counted["create"])]


def test_sixty_buildings_of_the_district_are_cut_without_losing_floor(district: District, site: Site) -> None:
    print(f"seed {SEED}: {Counter(district.chosen.values())}")
    assert len(set(district.chosen.values())) >= LEAST_KINDS
    shares = site.database.rows(
        """
        SELECT b.id, sum(ST_Area(d.footprint::geography)) FILTER (WHERE d.floor = 1) / ST_Area(b.footprint::geography)
        FROM places_building b JOIN places_dwelling d ON d.building_id = b.id WHERE b.id = ANY(%s) GROUP BY b.id
        """,
        list(district.chosen),
    )
    assert len(shares) == CHOSEN
    assert all(abs(share - 1) < 0.001 for _, share in shares), sorted(shares, key=lambda row: row[1])[:3]


def test_sixty_of_sixty_windows_of_the_district_open_their_own_dwelling(
    district: District, site: Site, signed_in_as: SignedIn
) -> None:
    page: Page = signed_in_as(
        "surveyor", f"/?community={district.community}&{PLAIN}", reduced_motion="reduce"
    )
    wait_until_drawn(page)
    scene = Scene(site.database, district.community, district.chosen.__getitem__)
    targets = scene.targets(CHOSEN, SEED, screen_of(page))
    assert {target.building for target in targets} == set(district.chosen), "each building has its turn"
    wrong = [(target, fault) for target in targets if (fault := click(page, target))]
    assert not wrong, f"{len(wrong)} of {CHOSEN} clicks went wrong (seed {SEED}): {wrong[:3]}"
