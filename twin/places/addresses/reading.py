"""Reading an address: every way in which its tokens can be taken, the least far-fetched first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from twin.places.addresses.address import Address, Name
from twin.places.addresses.lexicon import NO_NAMES, Lexicon, NameKind
from twin.places.addresses.prose import split_text
from twin.places.addresses.roles import Stage, numbered_ways, range_ways
from twin.places.addresses.text import without_remarks
from twin.places.addresses.tokens import Named, Numbered, Other, Token, tokenise

MOST_OPEN = 48
"""Ways that are followed at the same time; nobody writes an address that has more."""
FARTHER = 1.5
"""Readings that cost so much more than the best one are no readings."""
AS_GOOD = 0.5
"""Readings that cost so little more are as good as the best."""


def read_address(text: str, lexicon: Lexicon = NO_NAMES) -> Address | None:
    """The likeliest reading; None for a text in which no place was recognised."""
    found = readings(text, lexicon)
    best = found[0] if found else None
    if best is None or not (best.road or best.building or best.room or best.number):
        return None
    return best


def as_good_readings(text: str) -> list[Address]:
    """The readings, without names, that say where something is and are about as likely as the best."""
    found = readings(text)
    return [
        one for one in found
        if one.cost <= found[0].cost + AS_GOOD and (one.road or one.building or one.room or one.number)
    ]  # fmt: skip


def readings(text: str, lexicon: Lexicon = NO_NAMES) -> list[Address]:
    """All sensible readings, the likeliest first; none for a text without letters or digits."""
    plain, remarks = without_remarks(text)
    tokens = tokenise(plain, lexicon)
    if not tokens:
        return []
    open_ways = [(Address(remarks=remarks), Stage.START)]
    closed: dict[int, list[tuple[Address, Stage]]] = {0: open_ways}
    for at, token in enumerate(tokens):
        for way in sorted(closed.pop(at, []), key=lambda way: way[0].cost)[:MOST_OPEN]:
            for address, stage, taken in _ways(way, tokens, at, token):
                closed.setdefault(at + taken, []).append((address, stage))
    return _best(address for address, _ in closed.get(len(tokens), []))


def _best(found: Iterable[Address]) -> list[Address]:
    ordered = sorted(found, key=lambda address: address.cost)
    unique = list(dict.fromkeys(ordered))
    return [address for address in unique if address.cost <= unique[0].cost + FARTHER]


def _ways(
    way: tuple[Address, Stage], tokens: list[Token], at: int, token: Token
) -> Iterator[tuple[Address, Stage, int]]:
    """What the address becomes with this token, and how many tokens that took."""
    address, stage = way
    if isinstance(token, Named):
        for changed in _named(address, token, stage):
            yield changed, stage, 1
    elif isinstance(token, Other):
        before_name = isinstance(tokens[at + 1] if at + 1 < len(tokens) else None, Named)
        yield _other(address, token, stage, before_name), stage, 1
    else:
        after_road = at > 0 and bool(address.road) and not isinstance(tokens[at - 1], Numbered)
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        for changed, then in numbered_ways(address, stage, token, following, after_road):
            yield changed, then, 1
        if isinstance(following, Numbered):
            for changed, then in range_ways(address, stage, token, following, after_road):
                yield changed, then, 2


def _named(address: Address, token: Named, stage: Stage) -> Iterator[Address]:
    for kind in sorted(token.kinds):
        if kind == NameKind.DIVISION:
            yield replace(address, division=address.division + token.text)
        elif kind != NameKind.ROAD:
            yield replace(address, names=(*address.names, Name(token.text, kind)))
        elif not address.road and stage == Stage.START:
            yield replace(address, road=token.text)
        else:
            yield replace(address, rest=address.rest + token.text, cost=address.cost + 1)


def _other(address: Address, token: Other, stage: Stage, before_name: bool) -> Address:
    """Text before the numbers is where, text between a number and the building a name, text behind the rest."""
    if stage > Stage.NUMBER or (stage == Stage.START and address.building):
        return replace(address, rest=address.rest + token.text)
    is_first = stage == Stage.START and not address.road and not address.names
    division, road, name = (
        split_text(token.text, before_name=before_name) if is_first else ("", "", token.text)
    )
    names = (*address.names, Name(name)) if name else address.names
    return replace(address, division=address.division + division, road=road or address.road, names=names)
