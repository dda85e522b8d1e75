"""What families are made of, and how they grow by one when the sum is to come out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

LARGEST = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """Ages of a family by role; the first is the head. A spouse is of the other sex, the rest are of either."""

    name: str
    ages: tuple[int, ...]
    roles: tuple[str, ...]

    def may_grow(self) -> bool:
        return len(self.ages) < LARGEST and "spouse" in self.roles and self.ages[0] < 58

    def may_shrink(self) -> bool:
        return len(self.ages) > 1

    def with_child(self, pick: Random) -> Shape:
        """One child more, if the head is of an age for it."""
        oldest = max(0, min(self.ages[0] - 23, 17))
        return replace(self, ages=(*self.ages, pick.randint(0, oldest)), roles=(*self.roles, "child"))

    def without_last(self) -> Shape:
        return replace(self, ages=self.ages[:-1], roles=self.roles[:-1])


def shape(pick: Random) -> Shape:
    """One family, drawn by how common its kind is in an ordinary city community."""
    return pick.choices(MAKERS, WEIGHTS)[0](pick)


def single_young(pick: Random) -> Shape:
    return Shape("single", (pick.randint(22, 38),), ("head",))


def single_elder(pick: Random) -> Shape:
    return Shape("elder_alone", (pick.randint(62, 94),), ("head",))


def couple_young(pick: Random) -> Shape:
    age = pick.randint(24, 40)
    return Shape("couple", (age, _near(pick, age, 4)), ("head", "spouse"))


def couple_elder(pick: Random) -> Shape:
    age = pick.randint(60, 89)
    return Shape("elders", (age, max(58, _near(pick, age, 4))), ("head", "spouse"))


def single_parent(pick: Random) -> Shape:
    age = pick.randint(28, 50)
    return Shape("parent", (age, _child(pick, age)), ("head", "child"))


def with_child(pick: Random) -> Shape:
    age = pick.randint(27, 56)
    return Shape("family", (age, _near(pick, age, 3), _child(pick, age)), ("head", "spouse", "child"))


def with_two(pick: Random) -> Shape:
    age = pick.randint(29, 48)
    children = (_child(pick, age), _child(pick, age))
    return Shape("family", (age, _near(pick, age, 3), *children), ("head", "spouse", "child", "child"))


def three_generations(pick: Random) -> Shape:
    age = pick.randint(30, 50)
    old = (age + pick.randint(23, 32), age + pick.randint(23, 32))[: pick.choice((1, 2, 2))]
    ages = (age, _near(pick, age, 3), _child(pick, age), *old)
    return Shape("generations", ages, ("head", "spouse", "child", *["parent"] * len(old)))


def grandparents_with_child(pick: Random) -> Shape:
    """Parents work elsewhere."""
    age = pick.randint(56, 70)
    return Shape("skipped", (age, _near(pick, age, 4), pick.randint(3, 14)), ("head", "spouse", "other"))


def sharers(pick: Random) -> Shape:
    """Who rents a room of a shared flat."""
    age = pick.randint(20, 45)
    if pick.random() < 0.55:
        return Shape("sharers", (age,), ("head",))
    return Shape("sharers", (age, _near(pick, age, 4)), ("head", "spouse"))


MAKERS = (
    single_young, single_elder, couple_young, couple_elder, single_parent, with_child, with_two, three_generations,
    grandparents_with_child,
)  # fmt: skip
WEIGHTS = (9, 8, 9, 13, 4, 32, 11, 12, 2)


def _near(pick: Random, age: int, by: int) -> int:
    return max(22, age + pick.randint(-by, by))


def _child(pick: Random, age: int) -> int:
    """A child who may have grown up and still lives at home."""
    return max(0, min(age - pick.randint(23, 34), 30))
