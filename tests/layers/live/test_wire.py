from __future__ import annotations

from typing import get_args

import pytest
from django.core.management import CommandError, call_command

from layers.live import facts
from layers.live.management.commands import live_types
from layers.live.registry import all_streams
from layers.live.stream import Stream
from layers.live.topics import parse, topic
from twin.base.events import Event
from twin.devices import events as device_events
from twin.devices.models import Alarm, AlarmRule
from twin.patrol import events as patrol_events


def test_the_front_ends_types_are_those_of_the_server() -> None:
    call_command("live_types", "--check")


def test_stale_types_are_noticed_and_written_anew(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    target = live_types.settings.ROOT / "frontend" / "src" / "live" / "messages.ts"
    monkeypatch.setattr(live_types, "TARGET", stale := tmp_path / "messages.ts")
    monkeypatch.setattr(live_types.settings, "ROOT", tmp_path)
    stale.write_text(target.read_text().replace("height_m", "height"))
    with pytest.raises(CommandError, match="stale"):
        call_command("live_types", "--check")
    call_command("live_types", "--write")
    assert stale.read_text() == target.read_text()


def test_the_wires_closed_sets_are_those_of_the_database() -> None:
    assert get_args(facts.Condition) == tuple(Alarm.Condition.values)
    assert get_args(facts.Handling) == tuple(Alarm.Handling.values)
    assert get_args(facts.Severity) == tuple(AlarmRule.Severity.values)


@pytest.mark.parametrize("room", [device_events, patrol_events])
def test_every_event_of_a_live_room_is_told(room: object) -> None:
    events = {
        e for e in vars(room).values() if isinstance(e, type) and issubclass(e, Event) and e is not Event
    }
    told = {event for stream in all_streams() for event in (*stream.facts, *stream.frames)}
    assert events - told == set()


@pytest.mark.parametrize("stream", all_streams(), ids=str)
def test_a_streams_name_fits_a_topic(stream: Stream) -> None:
    assert parse(topic(stream.name, 7)) == (stream.name, 7)
