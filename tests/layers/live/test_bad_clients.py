from __future__ import annotations

import asyncio
import json
from typing import Any

from layers.live.connection import MOST_WAITING
from layers.live.consumer import MESSAGES_AT_ONCE
from layers.live.hubs import _hubs
from layers.live.messages import LONGEST_MESSAGE, MOST_TOPICS
from tests.layers.live.talking import HOST, PATIENCE_S, Talk, in_database, session_of
from twin.accounts.models import User
from twin.config.application import application
from twin.places.models import Grid

GARBAGE = [
    ("", "not_json", ""),
    ("{", "not_json", ""),
    ('{"kind":"join","topics":[{"topic":"al', "not_json", ""),
    ('{"kind":"join","topics":[{"topic":"alarms:1","after":NaN}]}', "not_json", ""),
    ("null", "invalid", "null"),
    ("[]", "invalid", "array"),
    ("{}", "invalid", "kind"),
    ('{"kind":"snapshot"}', "invalid", "snapshot"),
    ('{"kind":"drop table"}', "invalid", "drop table"),
    ('{"kind":"join"}', "invalid", "topics"),
    ('{"kind":"join","topics":"alarms:1"}', "invalid", "topics"),
    ('{"kind":"join","topics":["alarms:1"]}', "invalid", "topics[0]"),
    ('{"kind":"join","topics":[{"topic":1}]}', "invalid", "topic"),
    ('{"kind":"join","topics":[{"topic":"alarms:1","after":-1}]}', "invalid", "after"),
    ('{"kind":"join","topics":[{"topic":"alarms:1","after":1e400}]}', "invalid", "out of range"),
    ('{"kind":"join","topics":[{"topic":"alarms:1","after":1e30}]}', "invalid", "after"),
    ('{"kind":"join","topics":[{"topic":"alarms:1","after":9223372036854775808}]}', "invalid", "after"),
    ('{"kind":"leave","topics":[null]}', "invalid", "topics"),
    (json.dumps({"kind": "leave", "topics": ["x" * 61]}), "invalid", "topics"),
    (json.dumps({"kind": "leave", "topics": ["x"] * (MOST_TOPICS + 1)}), "invalid", "topics"),
]


async def test_garbage_is_answered_with_what_is_wrong_and_the_socket_goes_on(
    officer: User, west: Grid
) -> None:
    async with Talk(user=officer) as talk:
        for text, code, named in GARBAGE:
            await talk._socket.send_input({"type": "websocket.receive", "text": text})
            answer = await talk.hear()
            assert (answer["kind"], answer["code"]) == ("error", code), text
            assert named in answer["message"], text
        await talk.snapshot(f"alarms:{west.pk}")


async def test_bytes_are_no_message(officer: User) -> None:
    async with Talk(user=officer) as talk:
        await talk._socket.send_to(bytes_data=b"\x00\xff")
        assert (await talk.hear())["code"] == "not_text"


async def test_a_huge_message_ends_the_socket(officer: User) -> None:
    async with Talk(user=officer) as talk:
        await talk.say("x" * (LONGEST_MESSAGE + 1))
        assert (await talk.hear())["code"] == "too_large"
        assert await talk.hear() == {"kind": "closed", "code": 1009}


async def test_a_flood_of_messages_ends_the_socket(officer: User) -> None:
    async with Talk(user=officer) as talk:
        for _ in range(2 * MESSAGES_AT_ONCE):
            await talk.say("flood")
        while (heard := await talk.hear())["kind"] != "closed":
            assert heard["code"] in {"not_json", "too_many"}
        assert talk.code == 4429


async def test_only_so_many_topics_fit_one_socket(officer: User, west: Grid) -> None:
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"alarms:{west.pk}")
        topics = [f"alarms:{number}" for number in range(10**4, 10**4 + MOST_TOPICS)]
        await talk.join(*topics)
        heard = [await talk.hear() for _ in topics]
    assert [m["topic"] for m in heard if m["reason"] == "too_many"] == topics[-1:]


async def test_a_client_that_does_not_read_is_cut_off_and_the_others_are_not(
    officer: User, west: Grid
) -> None:
    """The server's `send` never returns for the one: a full window of a phone in a tunnel."""
    stuck, released, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "websocket.send" and '"snapshot"' in message["text"]:
            stuck.set()
            await released.wait()
        if message["type"] == "websocket.close":
            closed.set()

    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    session = await in_database(session_of, officer)
    headers = [(b"host", HOST.encode()), (b"origin", f"http://{HOST}".encode())]
    scope = {
        "type": "websocket",
        "path": "/live/",
        "headers": [*headers, (b"cookie", f"sessionid={session}".encode())],
    }
    phone = asyncio.create_task(application(scope, incoming.get, send))
    incoming.put_nowait({"type": "websocket.connect"})
    join = {"kind": "join", "topics": [{"topic": f"alarms:{west.pk}", "after": None}]}
    incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(join)})
    async with asyncio.timeout(PATIENCE_S), Talk(user=officer) as talk:
        await stuck.wait()
        [(hub, _)] = _hubs.values()
        [connection] = [c for c in hub.connections if f"alarms:{west.pk}" in c.following]
        for _ in range(MOST_WAITING + 1):
            connection.put("{}")
        assert connection.code == 4408
        await talk.snapshot(f"alarms:{west.pk}")
        released.set()
        await closed.wait()
        assert sent[-1]["code"] == 4408
        assert len(sent) < 10  # what waited was dropped, not kept
        incoming.put_nowait({"type": "websocket.disconnect", "code": 4408})
        await phone


async def test_a_foreign_page_opens_no_socket(officer: User) -> None:
    session = await in_database(session_of, officer)
    foreign = [
        "http://evil.example",
        "http://127.0.0.1:9999",
        "https://127.0.0.1.evil",
        "http://[",
        "null",
        "",
    ]
    for origin in [None, *foreign]:
        assert not await Talk(session=session, origin=origin).open(), origin


async def test_another_address_is_no_socket(officer: User) -> None:
    assert not await Talk(user=officer, path="/live/other/").open()
