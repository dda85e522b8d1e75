"""Who lives in which home: some stay empty, some are shared by several families, and the sums come out exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from twin.demo.families.family import Family, Home, Member, Stay
from twin.demo.families.inventing import Inventor
from twin.demo.families.shapes import Shape, shape, sharers

EMPTY = 0.045
SHARED_BY = (2, 3, 3, 4)
RENTS = {"single": 0.62, "couple": 0.42, "sharers": 1.0, "family": 0.2, "parent": 0.35}
"""How likely a family of a shape rents; elders own."""


def settle(homes: Sequence[Home], *, households: int, people: int, on: date, seed: int) -> list[Family]:
    """Exactly so many households and people in these homes, as of a day.

    Raises ValueError where the homes cannot hold so many households, or the households so many people.
    """
    pick = Random(seed)  # noqa: S311  (not a secret)
    places = _places(homes, households, pick)
    shapes = [sharers(pick) if shared else shape(pick) for _, shared in places]
    _to_sum(shapes, people, pick)
    inventor = Inventor(pick)
    return [
        _family(home, shared, made, on, pick, inventor)
        for (home, shared), made in zip(places, shapes, strict=True)
    ]


def _places(homes: Sequence[Home], households: int, pick: Random) -> list[tuple[Home, bool]]:
    """A home for every household, and whether it is shared. Crowded homes are shared first."""
    occupied = [home for home in homes if pick.random() >= EMPTY][:households]
    missing = households - len(occupied)
    more: dict[int, int] = {}
    for home in sorted(occupied, key=lambda home: (not home.crowded, pick.random())):
        if missing == 0:
            break
        more[home.id] = min(pick.choice(SHARED_BY) - 1, missing)
        missing -= more[home.id]
    if missing:
        raise ValueError(f"{len(homes)} homes do not hold {households} households")
    return [(home, home.id in more) for home in occupied for _ in range(1 + more.get(home.id, 0))]


def _to_sum(shapes: list[Shape], people: int, pick: Random) -> None:
    """Let families grow and shrink by one until they are as many people as are wanted."""
    missing = people - sum(len(each.ages) for each in shapes)
    may = Shape.may_grow if missing > 0 else Shape.may_shrink
    for _ in range(abs(missing)):
        able = [n for n, each in enumerate(shapes) if may(each)]
        if not able:
            raise ValueError(f"{len(shapes)} households cannot be {people} people")
        n = pick.choice(able)
        shapes[n] = shapes[n].with_child(pick) if missing > 0 else shapes[n].without_last()


def _family(home: Home, shared: bool, made: Shape, on: date, pick: Random, inventor: Inventor) -> Family:
    rents = shared or pick.random() < RENTS.get(made.name, 0.05)
    tenure = "rent" if rents else "lent" if pick.random() < 0.03 else "own"
    away = not rents and pick.random() < 0.025  # the whole family is registered here and lives elsewhere
    sexes = _sexes(made, pick)
    surname = inventor.surname()
    members = []
    for n, (age, role) in enumerate(zip(made.ages, made.roles, strict=True)):
        born = _birthday(on, age, pick)
        own = surname if _bears_name(made, n, sexes) else inventor.surname()
        members.append(
            Member(
                name=inventor.name(own, sexes[n], age),
                sex=sexes[n],
                born=born,
                role=role,
                stay=_stay(tenure, away, age, role, pick),
                identity=inventor.identity(born, sexes[n]),
                phone=inventor.phone() if age >= 12 else "",
            )
        )
    years = pick.uniform(0.1, 4) if rents else pick.uniform(0.3, max(1.0, min(25, on.year - home.built)))
    since = on - timedelta(days=int(365.25 * min(years, made.ages[0] - 17)))
    return Family(
        home=home.id,
        kind="sharers" if shared else "family",
        tenure="registered_only" if away else tenure,
        since=since,
        members=tuple(members),
    )


def _bears_name(made: Shape, n: int, sexes: Sequence[str]) -> bool:
    """Head, children and one of the head's parents; not a spouse, and not the head's mother."""
    role = made.roles[n]
    return role in {"head", "child", "other"} or (role == "parent" and sexes[n] == "male")


def _sexes(made: Shape, pick: Random) -> list[str]:
    head = "male" if pick.random() < 0.62 else "female"
    if made.name == "elder_alone":
        head = "male" if pick.random() < 0.35 else "female"  # women live longer
    other = "female" if head == "male" else "male"
    parents = iter(pick.sample(["male", "female"], 2))
    by_role = {"head": lambda: head, "spouse": lambda: other, "parent": lambda: next(parents)}
    return [by_role.get(role, lambda: pick.choice(["male", "female"]))() for role in made.roles]


def _stay(tenure: str, away: bool, age: int, role: str, pick: Random) -> Stay:
    if away:
        return Stay.REGISTERED
    if tenure in {"rent", "lent"}:
        return Stay.BOTH if pick.random() < 0.06 else Stay.LIVES
    if role == "child" and age >= 19 and pick.random() < 0.4:
        return Stay.REGISTERED  # away at work or university
    return Stay.BOTH if pick.random() < 0.86 else Stay.LIVES


def _birthday(on: date, age: int, pick: Random) -> date:
    """A day on which somebody was born who has that age on the given day."""
    latest = _years_before(on, age)
    return latest - timedelta(days=pick.randrange(365) if age else pick.randrange(360))


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)
