"""What a number in an address may be: a road's, a building's, a unit's, a floor's, a room's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import IntEnum

from twin.places.addresses.address import Address
from twin.places.addresses.tokens import DIRECTIONS, Numbered, Token, Word


class Stage(IntEnum):
    """What was said last; addresses go from the large to the small."""

    START = 0
    NUMBER = 1
    BUILDING = 2
    UNIT = 3
    FLOOR = 4
    ROOM = 5
    PART = 6


Way = tuple[Address, Stage]
NOT_UNDERSTOOD = 3.0
BASEMENT = re.compile(r"^B(\d)$")


def numbered_ways(
    address: Address, stage: Stage, token: Numbered, following: Token | None, after_road: bool
) -> Iterator[Way]:
    """Every role that this number can have after what was said before, each with its cost."""
    if token.word == Word.PART:
        yield from _parts(address, stage, token)
    else:
        yield from _numbers(address, stage, token, following, after_road)
        yield from _buildings(address, stage, token, following, after_road)
        yield from _units(address, stage, token)
        yield from _floors(address, stage, token, following)
        yield from _rooms(address, stage, token, following)
    yield _at(address, NOT_UNDERSTOOD, rest=address.rest + token.written), stage


def range_ways(
    address: Address, stage: Stage, token: Numbered, following: Numbered, after_road: bool
) -> Iterator[Way]:
    """9-18号 as the doors of a row, 12-1号 as a number that was divided."""
    if token.word != Word.DASH or following.word not in (Word.HOUSE, Word.BUILDING) or stage > Stage.NUMBER:
        return
    if not token.value.isdigit() or not following.value.isdigit() or len(following.value) > 3:
        return
    value = f"{token.value}-{following.value}"
    cost = 0.3 if int(following.value) > int(token.value) else 0.5
    if after_road and not address.number and following.word == Word.HOUSE:
        yield _at(address, cost, number=f"{value}号"), Stage.NUMBER
    yield (
        _at(address, cost + (0.5 if after_road and not address.number else 0), building=value),
        Stage.BUILDING,
    )


def _at(address: Address, cost: float, **fields: object) -> Address:
    return replace(address, cost=address.cost + cost, **fields)  # type: ignore[arg-type]


def _parts(address: Address, stage: Stage, token: Numbered) -> Iterator[Way]:
    """附3号 divides what was said last."""
    if stage == Stage.NUMBER:
        yield _at(address, 0, number=f"{address.number}附{token.value}"), stage
    elif stage == Stage.BUILDING:
        yield _at(address, 0, building=f"{address.building}附{token.value}"), stage
    elif stage == Stage.ROOM:
        yield _at(address, 0, part=token.value), Stage.PART


def _numbers(
    address: Address, stage: Stage, token: Numbered, following: Token | None, after_road: bool
) -> Iterator[Way]:
    if stage > Stage.NUMBER or token.below:
        return
    number = f"{address.number}{token.value}{token.word}"
    if token.word == Word.LANE:
        yield _at(address, 0 if address.road or address.number else 0.5, number=number), Stage.NUMBER
    elif address.number:
        return
    elif token.word == Word.YARD:
        yield _at(address, 0, number=number), Stage.NUMBER
    elif token.word == Word.HOUSE:
        cost = 1.0 if not address.road else 0.0 if after_road else 0.3
        yield _at(address, cost, number=number), Stage.NUMBER
    elif after_road and token.word in (Word.DASH, Word.NOTHING):
        cost = 1.0 if following else 0.3
        yield _at(address, cost, number=f"{token.value}号"), Stage.NUMBER


def _buildings(
    address: Address, stage: Stage, token: Numbered, following: Token | None, after_road: bool
) -> Iterator[Way]:
    if stage > Stage.NUMBER or token.below:
        return
    cost = {Word.BUILDING: 0.0, Word.HOUSE: 0.0, Word.DASH: 0.0, Word.NOTHING: 0.6}.get(token.word)
    if token.word == Word.STOREYS:
        cost = 0.0 if isinstance(following, Numbered) and following.word == Word.UNIT else 0.5
    if cost is None:
        return
    if token.word == Word.NOTHING and following is not None:
        cost += 1
    if after_road and not address.number and token.word != Word.BUILDING:
        cost += 1 if token.word == Word.HOUSE else 0.5
    if len(token.value) > 3:
        cost += 2
    yield _at(address, cost, building=token.value), Stage.BUILDING


def _units(address: Address, stage: Stage, token: Numbered) -> Iterator[Way]:
    if stage > Stage.BUILDING or token.below or len(token.value) > 2:
        return
    cost = {Word.UNIT: 0.0, Word.DASH: 0.0, Word.HOUSE: 0.8}.get(token.word)
    if cost is None:
        return
    if not address.building:
        cost += {Word.UNIT: 0.2}.get(token.word, 1.2)
    yield _at(address, cost, unit=token.value), Stage.UNIT


def _floors(address: Address, stage: Stage, token: Numbered, following: Token | None) -> Iterator[Way]:
    basement = BASEMENT.match(token.value)
    value = basement[1] if basement else token.value
    if stage > Stage.UNIT or not value.isdigit() or len(value) > 2 or int(value) == 0:
        return
    cost = {Word.FLOOR: 0.0, Word.STOREYS: 0.1, Word.DASH: 0.9}.get(token.word)
    if basement and address.building:
        cost = 0.0
    if cost is None or (token.word == Word.DASH and following is None):
        return
    if not address.building and token.word != Word.FLOOR:
        cost += 0.5
    below = token.below or basement is not None
    yield _at(address, cost, floor=-int(value) if below else int(value)), Stage.FLOOR


def _rooms(address: Address, stage: Stage, token: Numbered, following: Token | None) -> Iterator[Way]:
    if stage == Stage.ROOM:
        if len(token.value) <= 2 and token.word in (Word.NOTHING, Word.HOUSE, Word.ROOM):
            yield _at(address, 0.2, part=token.value), Stage.PART
        return
    if stage > Stage.FLOOR:
        return
    is_long = len(token.value) >= 3
    cost = {Word.ROOM: 0.0, Word.NOTHING: 0.0, Word.HOUSE: 0.3 if is_long else 0.6}.get(token.word)
    if token.word == Word.DASH and following is not None and is_long:
        cost = 0.5
    if cost is None:
        return
    if token.word == Word.HOUSE and not address.building:
        cost += 1
    digits = re.sub(r"\D", "", token.written)
    if address.floor is not None and token.value.isdigit() and len(digits) <= 2:
        yield _at(address, cost, flat=token.value), Stage.ROOM
        return
    if not is_long and token.value not in DIRECTIONS:
        cost += 0.7
    room = f"-{token.value}" if token.below else token.value
    yield _at(address, cost, room=room, dashed=token.dashed), Stage.ROOM
