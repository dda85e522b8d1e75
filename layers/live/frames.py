"""Positions merged: of several for one shift the latest counts, whatever the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable

from layers.live.facts import Moved


class Frames:
    """Positions that wait to be sent, by topic."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[int, Moved]] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, topic: str, moved: Moved) -> None:
        of_topic = self._waiting.setdefault(topic, {})
        known = of_topic.get(moved.shift_id)
        if known is None or known.at <= moved.at:
            of_topic[moved.shift_id] = moved

    def take(self, topic: str) -> list[Moved]:
        return list(self._waiting.pop(topic, {}).values())

    def take_all(self) -> dict[str, list[Moved]]:
        taken = {topic: list(of_topic.values()) for topic, of_topic in self._waiting.items()}
        self._waiting = {}
        return taken


class Newest:
    """Which positions are news. What travelled through two processes may arrive in the wrong order."""

    def __init__(self) -> None:
        self._at: dict[int, float] = {}

    def only(self, moved: Iterable[Moved]) -> list[Moved]:
        news = [each for each in moved if each.at > self._at.get(each.shift_id, float("-inf"))]
        self._at.update((each.shift_id, each.at) for each in news)
        return news
