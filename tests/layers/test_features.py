from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from layers.layer import Audience, Layer
from layers.registry import all_layers
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.models import Building, Community


def test_features_carry_exact_shape_id_and_the_declared_properties(
    drawn: Community,
    officer: User,
    west_building: Building,
    client: Client,
) -> None:
    client.force_login(officer)
    found = client.get(f"/layers/{drawn.pk}/features/buildings/").json()
    assert found["type"] == "FeatureCollection"
    feature = next(f for f in found["features"] if f["id"] == west_building.pk)
    assert feature["geometry"]["coordinates"] == [[[list(p) for p in ring] for ring in part.coords]
                                                 for part in west_building.footprint]  # fmt: skip
    assert feature["properties"]["height"] == west_building.height_m


def test_pages_follow_each_other_without_gap_or_repeat(
    drawn: Community,
    officer: User,
    client: Client,
) -> None:
    client.force_login(officer)
    seen: list[int] = []
    after: Any = 0
    while after is not None:
        page = client.get(f"/layers/{drawn.pk}/features/buildings/", {"limit": 1, "after": after}).json()
        seen += [f["id"] for f in page["features"]]
        after = page["next"]
    assert seen == sorted(Building.objects.values_list("id", flat=True))


def test_a_box_keeps_what_reaches_into_it(
    drawn: Community,
    officer: User,
    west_building: Building,
    client: Client,
) -> None:
    client.force_login(officer)
    answer = client.get(f"/layers/{drawn.pk}/features/buildings/", {"bbox": "122.6011,31.05,122.6015,31.052"})
    assert [f["id"] for f in answer.json()["features"]] == [west_building.pk]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"bbox": "1,2,3"}, "bbox"), ({"bbox": "a,b,c,d"}, "bbox"), ({"bbox": "9,9,1,1"}, "bbox"),
        ({"bbox": "nan,nan,nan,nan"}, "bbox"), ({"limit": "0"}, "limit"), ({"after": "-1"}, "after"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_which_part_is_wrong(
    query: dict[str, str], where: str, community: Community, officer: User, client: Client
) -> None:
    client.force_login(officer)
    answer = client.get(f"/layers/{community.pk}/features/buildings/", query)
    assert answer.status_code == 400
    assert answer.json()["error"]["where"] == where


@pytest.mark.parametrize("layer", all_layers(), ids=str)
def test_a_stranger_gets_no_features(
    layer: Layer, community: Community, stranger: User, client: Client
) -> None:
    path = f"/layers/{community.pk}/features/{layer}/"
    assert client.get(path).status_code == 401
    client.force_login(stranger)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("layer", all_layers(), ids=str)
def test_a_planner_gets_shapes_and_no_facts(
    layer: Layer,
    drawn: Community,
    in_role: Callable[..., User],
    client: Client,
) -> None:
    client.force_login(in_role(RoleKind.PLANNER))
    found = client.get(f"/layers/{drawn.pk}/features/{layer}/").json()["features"]
    if layer.audience is Audience.GRANTED:
        assert found == []
