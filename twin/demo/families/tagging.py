"""Which tags of the starter set fit a family. What follows from ages and homes is certain, the rest drawn as rare as in life.

Two people in three hundred get one of the codes of level 5, which mean nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from twin.demo.families.family import Family, Member, Stay

AGED = 80
OLD = 60
NEWCOMER_DAYS = 365

# Tag, share of those who may have it, from age, to age.
DRAWN = (
    ("party_member", 0.07, 22, 100), ("veteran", 0.035, 24, 90), ("volunteer", 0.05, 18, 75), ("grid_force", 0.006, 25, 70),
    ("disabled", 0.018, 5, 100), ("minimum_living", 0.008, 18, 100), ("extreme_poverty", 0.002, 55, 100),
    ("child_in_need", 0.006, 1, 15), ("child_unsupported", 0.002, 1, 15), ("gravely_ill", 0.006, 20, 100),
    ("job_support", 0.012, 22, 55), ("entitled", 0.01, 30, 100), ("returned", 0.006, 18, 70), ("visiting", 0.004, 0, 80),
    ("X1", 0.004, 18, 80), ("X2", 0.0027, 18, 80),
)  # fmt: skip


def tags_of(member: Member, family: Family, on: date, pick: Random) -> Iterator[str]:
    """Codes of the tags of one person."""
    age = member.age(on)
    yield from _identity(member, family, on)
    yield from _old_age(member, family, on, pick)
    if member.sex == "female" and 22 <= age <= 40 and _youngest(family, on) == 0:
        yield "maternity"
    if family.members[0].role == "head" and member.role == "other" and age < 16:
        yield "left_behind"
    for code, share, least, most in DRAWN:
        if least <= age <= most and pick.random() < share:
            yield code


def tags_of_household(family: Family, *, shares_kitchen: bool, pick: Random) -> Iterator[str]:
    if shares_kitchen:
        yield "shared_kitchen"
    if family.tenure != "registered_only" and pick.random() < 0.3:
        yield "e_bike"


def is_let(family: Family) -> bool:
    return family.tenure == "rent"


def _identity(member: Member, family: Family, on: date) -> Iterator[str]:
    if member.stay is Stay.BOTH and family.tenure == "own":
        yield "permanent"
    if member.stay is not Stay.REGISTERED and family.tenure == "rent":
        yield "tenant"
        if (on - family.since).days < NEWCOMER_DAYS:
            yield "newcomer"
    if member.stay is not Stay.BOTH:
        yield "elsewhere"


def _old_age(member: Member, family: Family, on: date, pick: Random) -> Iterator[str]:
    age = member.age(on)
    if age < OLD or member.stay is Stay.REGISTERED:
        return
    here = [each for each in family.members if each.stay is not Stay.REGISTERED]
    if len(here) == 1:
        yield "elder_alone"
    elif all(each.age(on) >= OLD for each in here):
        yield "empty_nest"
    if age >= AGED:
        yield "aged_80"
    if pick.random() < (0.03 if age < AGED else 0.22):
        yield "limited_mobility"


def _youngest(family: Family, on: date) -> int:
    return min(member.age(on) for member in family.members)
