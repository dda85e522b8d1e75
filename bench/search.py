"""Search by name, reading and address: among 15 802 and a million people, for who sees all of them and for one grid.

The people are written in SQL into homes that were cut as ever; the question goes through the whole request, without a socket.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

from bench.harness.database import own_database
from bench.harness.processes import machine

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华建文玉春志国海红梅小晓雪峰长乐"
ASKED = (
    "张伟",
    "张伟明",
    "zhangwei",
    "zhangweiming",
    "zw",
    "zwm",
    "lina",
    "wang",
    "1号楼1单元301",
    "2-1-401",
    "没有这个人",
)
GRIDS, BUILDINGS_OF_A_GRID = 12, 8

NAMES = "CREATE TEMPORARY TABLE called (n serial PRIMARY KEY, name text, words text)"
PEOPLE = """
    INSERT INTO people_person (id, community_id, name, name_words, sex, identity_kind, source, source_id, ended_why)
    SELECT person.n, %(community)s, called.name, called.words, 'unknown', '', '', '', ''
    FROM generate_series(1, %(people)s) AS person (n)
    JOIN called ON called.n = 1 + (person.n::bigint * 7919) %% %(names)s
"""
RESIDENCES = """
    INSERT INTO people_residence (community_id, person_id, dwelling_id, basis, tenure, role, during, source)
    SELECT %(community)s, n, (%(homes)s::bigint[])[1 + n %% %(count)s], 'actual', 'unknown', 'other',
        tstzrange(now() - interval '1 year', NULL), ''
    FROM generate_series(1, %(people)s) AS n
"""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[15_802, 1_000_000])
    parser.add_argument("--rounds", type=int, default=15)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    for people in options.people:
        with own_database("twin_bench_search"):
            measure(people, options.rounds)


def measure(people: int, rounds: int) -> None:
    import django

    django.setup()
    from django.db import connection, connections

    from twin.base.verbs import unit_of_work

    try:
        with unit_of_work():
            community, grids = places()
            settle(connection, community, people)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        print(f"{people:,} people, {machine()}; medians of {rounds}, ms")
        for viewer, client in viewers(community, grids).items():
            for text in ASKED:
                print(f"{viewer:10} {text:14} {told(client, community.pk, text, rounds)}", flush=True)
    finally:
        connections.close_all()


def places() -> tuple[Any, list[Any]]:
    """A community of square grids with houses of six floors, cut into homes."""
    from django.contrib.gis.geos import MultiPolygon, Polygon

    from twin.places.actions import add_building, cut_building, draw_grid, found_community

    def box(*edges: float) -> MultiPolygon:
        return MultiPolygon(Polygon.from_bbox(edges), srid=4326)

    west, south, wide = 122.6, 31.05, 0.004
    community = found_community(
        name="海棠湾社区",
        name_en="Haitang Bay",
        boundary=box(west, south, west + wide * GRIDS, south + 0.004),
    )
    grids = []
    for number in range(GRIDS):
        left = west + wide * number
        shape = box(left, south, left + wide, south + 0.004)
        grids.append(
            draw_grid(community=community, parent=community.root, name=f"第{number + 1}网格", geometry=shape)
        )
        for house in range(BUILDINGS_OF_A_GRID):
            low, door = south + 0.0003 + house * 0.0004, number * BUILDINGS_OF_A_GRID + house + 1
            building = add_building(
                community=community, footprint=box(left + 0.0005, low, left + 0.0009, low + 0.0001), height_m=17.4,
                floors_above=6, units_stated=2, flats_per_floor=2, name=f"{door}号楼", number=f"{door}号楼",
                address=f"海棠路100弄{door}号楼",
            )  # fmt: skip
            cut_building(building=building)
    return community, grids


def settle(connection: Any, community: Any, people: int) -> None:
    """So many people, evenly over all homes; each name with the words that the twin would give it."""
    from twin.people.readings import words_of
    from twin.places.models import Dwelling

    names = [f"{a}{b}{c}" for a in SURNAMES for b in GIVEN for c in ("", *GIVEN)]
    homes = list(Dwelling.objects.filter(community=community, floor__gt=0).values_list("pk", flat=True))
    said = {
        "community": community.pk,
        "people": people,
        "names": len(names),
        "homes": homes,
        "count": len(homes),
    }
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        cursor.executemany(
            "INSERT INTO called (name, words) VALUES (%s, %s)", [(name, words_of(name)) for name in names]
        )
        cursor.execute(PEOPLE, said)
        cursor.execute(RESIDENCES, said)


def viewers(community: Any, grids: list[Any]) -> dict[str, Any]:
    from django.test import Client

    from twin.access.actions import grant_role
    from twin.access.roles import RoleKind
    from twin.accounts.models import User

    asking = {}
    for name, kind, where in (
        ("everywhere", RoleKind.DUTY_OFFICER, {}),
        ("one grid", RoleKind.GRID_WORKER, {"grid": grids[0]}),
    ):
        user = User.objects.create_user(username=str(kind), password="long enough 1", name=name)
        grant_role(user=user, kind=kind, community=community, **where)
        asking[name] = Client(SERVER_NAME="127.0.0.1")
        asking[name].force_login(user)
    return asking


def told(client: Any, community: int, text: str, rounds: int) -> str:
    taken, found = [], 0
    for _ in range(rounds):
        start = time.perf_counter()
        answer = client.get("/api/search/", {"community": community, "q": text})
        taken.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code}: {answer.content[:300]!r}")
        found = len(answer.json())
    return f"{statistics.median(taken):8.1f}  longest {max(taken):8.1f}  {found} found"


if __name__ == "__main__":
    main()
