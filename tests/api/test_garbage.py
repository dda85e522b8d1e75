"""Garbage at every address that takes something: refused with what is wrong, never a server's error, and nothing is saved.

The addresses come from the URL resolver, so that one that is added is asked too. Each is asked as somebody who may do it:
a fault has to be found in what was said, not in who said it.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.leaks.ways_out import patterns
from tests.leaks.world import World, build_world
from twin.access.roles import RoleKind

JSON = "application/json"
CHANGING = ("post", "put", "patch", "delete")
PAGES = re.compile(r"^(admin|layers|desk|login|r)/|^$")
"""Forms of the back office have tests of their own; the others only show."""
SEEN = ("access_auditentry", "django_session", "access_rightschange")
"""Grow by looking and by signing in, not by what is sent."""
BROKEN: dict[str, tuple[bytes, str]] = {
    "half": (b'{"community": 1, "na', JSON),
    "empty": (b"", JSON),
    "a list": (b"[]", JSON),
    "a text": (b'"x"', JSON),
    "a number": (b"1", JSON),
    "null": (b"null", JSON),
    "NaN": (b"NaN", JSON),
    "a field of NaN": (b'{"community": NaN}', JSON),
    "nested": (b"[" * 100_000, JSON),
    "no UTF-8": (b'{"community": "\xff\xfe"}', JSON),
    "plain text": (b"community=1", "text/plain"),
    "half a form": (b"--x\r\nContent-Disposition: form-data; na", "multipart/form-data; boundary=x"),
    "a form without boundary": (b"x", "multipart/form-data"),
    "a file of nothing": (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
}
HUGE = (b'{"name": "' + b"a" * 9 * 2**20 + b'"}', JSON)
WRONG = [
    "NaN", "-Infinity", "1e400", "1" + "0" * 400, "-1", "0", "9007199254740993", "0.5", "true", "null", '""', '"\\u0000"',
    '"\\ud800"', '"%s"' % ("x" * 100_000), '"2026-13-45"', '"9999-12-31T23:59:59-23:59"', "[]", "[null]", "[[1e9, 1e9]]",
    "{}", '{"\\ud800": 1}', '{"type": "Point", "coordinates": [200, 100]}',
    '{"type": "Polygon", "coordinates": [[[1e9, 1e9], [NaN, 0], [0, 0]]]}',
    '{"type": "Polygon", "coordinates": [[[500, 95], [501, 95], [501, 96], [500, 95]]]}',
]  # fmt: skip
NO_NUMBER = ("NaN", "-Infinity", "1e400")
NOT_TAKEN = 405
TOKENS = ("Bearer nonsense", "Bearer", "Basic eDp5", "Bearer \x7f")
TAKES_ANY = {"post /api/session/", "post /api/resident/session/", "delete /api/session/"}
"""Anybody may knock here, and leave: tokens are not looked at."""

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Door:
    """Something that an address takes. fields: of the JSON that it is described to take; None: it takes no body."""

    method: str
    address: str
    fields: dict[str, Any] | None

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


@pytest.fixture
def world() -> World:
    """One of everything."""
    return build_world()


@pytest.fixture
def doors(world: World) -> list[Door]:
    described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return [
        Door(method, address, _fields(described, "/" + route, method))
        for route, pattern in patterns(get_resolver())
        if not PAGES.match(route)
        for method in _methods(pattern)
        for address in [_address(route, pattern)]
    ]


def _methods(pattern: URLPattern) -> list[str]:
    of_viewset = getattr(pattern.callback, "actions", None)
    if of_viewset is not None:
        return [method for method in CHANGING if method in of_viewset]
    view = getattr(pattern.callback, "cls", None)
    return ["post"] if view is None else [method for method in CHANGING if hasattr(view, method)]


def _plain(route: str) -> str:
    """A route as the API's description writes it."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route.replace("^", "").replace("$", ""))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", plain)


def _address(route: str, pattern: URLPattern) -> str:
    """Of something that there is, where rows say so."""
    rows = getattr(getattr(pattern.callback, "cls", None), "rows", None)
    pk = rows.order_by("pk").values_list("pk", flat=True).first() if rows is not None else None
    return "/" + re.sub(r"\{\w+\}", str(pk or 1), _plain(route).replace("{form}", "milesight"))


def _fields(described: Any, route: str, method: str) -> dict[str, Any] | None:
    """Field -> something that might be right. {} where a body is taken that is not described."""
    if route.startswith("/ingest/"):
        return {}
    operation = described["paths"].get(_plain(route), {}).get(method)
    if operation is None or "requestBody" not in operation:
        return None
    content = operation["requestBody"]["content"]
    shape = _resolved(described, next(iter(content.values()))["schema"])
    return {name: _likely(described, name, kind) for name, kind in shape.get("properties", {}).items()}


def _resolved(described: Any, shape: Any) -> Any:
    for key in ("allOf", "oneOf", "anyOf"):
        if key in shape:
            shape = shape[key][0]
    return described["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]] if "$ref" in shape else shape


def _likely(described: Any, name: str, shape: Any) -> Any:
    shape = _resolved(described, shape)
    if "enum" in shape:
        return shape["enum"][0]
    if shape.get("type") == "array":
        return [_likely(described, name.removesuffix("s"), shape.get("items", {}))]
    if shape.get("type") == "object":
        return {key: _likely(described, key, one) for key, one in shape.get("properties", {}).items()}
    if shape.get("type") in ("integer", "number"):
        return _row(name) or shape.get("minimum", 1)
    if shape.get("type") == "boolean":
        return False
    return {"date": "2026-01-31", "date-time": "2026-01-31T08:00:00Z"}.get(shape.get("format", ""), "甲")


def _row(name: str) -> int | None:
    """The id of a row of the model that a field is named after."""
    for model in apps.get_models():
        if model._meta.model_name == name.replace("_", ""):
            return model._base_manager.order_by("pk").values_list("pk", flat=True).first()
    return None


@pytest.fixture
def client(world: World) -> Client:
    client = Client(raise_request_exception=False)
    user = world.viewers[RoleKind.COMMUNITY_ADMIN]
    assert user is not None
    client.force_login(user)
    return client


def send(client: Client, door: Door, body: bytes, kind: str, **headers: str) -> Any:
    """In a transaction that is undone, whatever comes of it; every try is a first one for those that count tries, and
    nobody is signed out by having asked for it."""
    signed_in = deepcopy(client.cookies)
    cache.key_prefix = f"{connection.settings_dict['NAME']}:{uuid4()}"
    with transaction.atomic():
        answer = client.generic(door.method.upper(), door.address, body, kind, headers=headers)
        answer.changed = state() if 400 <= answer.status_code < 500 else None
        transaction.set_rollback(True)
    client.cookies = signed_in
    return answer


def state() -> list[tuple[str, int, int]]:
    """Of all tables: how many rows they have, and a sum over what is in them."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    each = [
        f"SELECT '{table}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0)::bigint FROM {table} AS t"
        for table in sorted(set(tables) - set(SEEN))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return sorted(
            cursor.fetchall()
        )  # as they come they may change places when the planner has learned more


def fault_of(answer: Any, *, before: list[tuple[str, int, int]]) -> str:
    """What is wrong with a refusal; "" when nothing is."""
    if answer.status_code == NOT_TAKEN:
        return ""
    if not 400 <= answer.status_code < 500:
        return f"{answer.status_code} {answer.content[:200]!r}"
    if answer.changed != before:
        changed = sorted({table for table, *_ in set(answer.changed) ^ set(before)})
        return f"refused, and something was saved all the same in {', '.join(changed)}"
    if not json.loads(answer.content)["error"]["message"]:
        return "refused without a word"
    return ""


def test_broken_bodies_are_refused_everywhere(client: Client, doors: list[Door]) -> None:
    before, faults = state(), []
    for door in doors:
        for name, (body, kind) in (BROKEN | {"huge": HUGE}).items():
            answer = send(client, door, body, kind)
            wrong = fault_of(answer, before=before)
            if wrong and (answer.status_code >= 500 or door.fields is not None):
                faults.append(f"{door}, {name}: {wrong}")
    assert not faults, "\n".join(faults)


def test_wrong_values_are_refused_or_understood_everywhere(client: Client, doors: list[Door]) -> None:
    before, faults = state(), []
    for door in doors:
        for field in door.fields or {}:
            for value in WRONG:
                rest = json.dumps({key: one for key, one in (door.fields or {}).items() if key != field})[1:]
                body = f'{{"{field}": {value}{", " if len(rest) > 1 else ""}{rest}'
                answer = send(client, door, body.encode(), JSON)
                wrong = fault_of(answer, before=before)
                if wrong and (answer.status_code >= 500 or answer.changed or value in NO_NUMBER):
                    faults.append(f"{door}, {field} = {value[:60]}: {wrong}")
    assert not faults, "\n".join(faults)


def test_a_wrong_token_opens_nothing(world: World, doors: list[Door]) -> None:
    client, before, faults = Client(raise_request_exception=False), state(), []
    for door in doors:
        for token in TOKENS:
            answer = send(client, door, b"{}", JSON, Authorization=token)
            wrong = fault_of(answer, before=before)
            if str(door) not in TAKES_ANY and (wrong or answer.status_code not in (401, NOT_TAKEN)):
                faults.append(f"{door}, {token}: {wrong or answer.status_code}")
    assert not faults, "\n".join(faults)


def test_every_place_where_something_comes_in_is_knocked_at(doors: list[Door]) -> None:
    known = {re.sub(r"\d+", "1", str(door)) for door in doors}
    wanted = {
        "post /api/visits/", "post /api/taggings/", "post /api/reports/run/", "post /api/rosters/", "post /api/imports/",
        "post /api/points/claims/", "post /api/points/rewards/1/redeem/", "post /api/resident/session/",
        "post /ingest/fixes/", "post /ingest/osmand/", "post /ingest/owntracks/", "post /ingest/readings/",
    }  # fmt: skip
    assert not wanted - known
