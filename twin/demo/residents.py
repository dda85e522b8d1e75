"""The demo's residents: made-up families move into its homes, with tags, neighbours who help, and shops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from twin.base.verbs import verb
from twin.demo.families import Family, Home, Member, Stay, settle
from twin.demo.families.tagging import is_let, tags_of, tags_of_household
from twin.people.actions import (
    NewCarePair,
    NewContact,
    NewHousehold,
    NewPerson,
    NewResidence,
    NewTagging,
    add_emergency_contacts,
    add_households,
    add_people,
    add_starter_tags,
    give_tags,
    share_space,
    start_care_pairs,
    start_residences,
)
from twin.people.models import Household, Residence, Tag
from twin.places.actions import state_use
from twin.places.models import Community, Compound, Dwelling

HOMES, HOUSEHOLDS, PEOPLE = 6050, 6162, 15802
"""What the demo has; another size keeps the proportions."""
SOURCE = "示范数据"
SHARED_KITCHENS = 40
USE_OF = {"own": Dwelling.Use.OWN, "lent": Dwelling.Use.OWN, "rent": Dwelling.Use.LET}


@dataclass(frozen=True, slots=True)
class Settled:
    """Families with the ids of their households and members."""

    families: Sequence[Family]
    households: Sequence[int]
    people: Sequence[Sequence[int]]

    def members(self) -> Iterator[tuple[Family, int, Member, int]]:
        """(family, household id, member, person id)."""
        for family, household, ids in zip(self.families, self.households, self.people, strict=True):
            for member, person in zip(family.members, ids, strict=True):
                yield family, household, member, person


@verb
def move_in(*, community: Community, seed: int = 11) -> tuple[int, int]:
    """Families for all homes of the community. Returns how many households and people."""
    pick = Random(seed)  # noqa: S311  (not a secret)
    on = community.today()
    homes, kitchens = _homes(community, pick)
    families = settle(
        homes,
        households=HOUSEHOLDS * (len(homes) + len(kitchens)) // HOMES,
        people=PEOPLE * (len(homes) + len(kitchens)) // HOMES,
        on=on,
        seed=seed,
    )
    settled = _settle(community, families)
    _state_uses(community, homes, kitchens, families)
    sharing = _share_kitchens(settled, kitchens)
    _give_tags(community, settled, sharing, on, pick)
    _care(community, settled, on, pick)
    return len(families), sum(len(family.members) for family in families)


def _homes(community: Community, pick: Random) -> tuple[list[Home], list[Dwelling]]:
    """Homes to settle, and dwellings of old lanes that are shared kitchens instead."""
    rows = Dwelling.objects.counted().filter(community=community, floor__gt=0)
    known = list(rows.select_related("building__compound").defer("footprint", "walls").order_by("id"))
    lanes = [d for d in known if _is_lane(d)]
    units = {d.unit_id: d for d in pick.sample(lanes, len(lanes))}  # one of each stairwell
    kitchens = list(units.values())[:SHARED_KITCHENS]
    taken = {d.pk for d in kitchens}
    homes = [
        Home(d.pk, d.floor, crowded=_is_lane(d), built=d.building.year_built or 2000)
        for d in known
        if d.pk not in taken
    ]
    return homes, kitchens


def _is_lane(dwelling: Dwelling) -> bool:
    compound = dwelling.building.compound
    return compound is not None and compound.kind == Compound.Kind.OLD_LANE


def _settle(community: Community, families: Sequence[Family]) -> Settled:
    households = add_households(
        community=community,
        households=[
            NewHousehold(f.home, kind=f.kind, source=SOURCE, source_id=f"H{n}")
            for n, f in enumerate(families)
        ],
    )
    members = [member for family in families for member in family.members]
    ids = iter(add_people(community=community, people=[_person(n, m) for n, m in enumerate(members)]))
    people = [[next(ids) for _ in family.members] for family in families]
    settled = Settled(families, households, people)
    stays = [stay for known in settled.members() for stay in _residences(*known)]
    start_residences(community=community, residences=stays)
    return settled


def _person(n: int, member: Member) -> NewPerson:
    return NewPerson(
        name=member.name, sex=member.sex, birth_date=member.born, identity=member.identity, phone=member.phone,
        source=SOURCE, source_id=f"P{n}",
    )  # fmt: skip


def _residences(family: Family, household: int, member: Member, person: int) -> Iterator[NewResidence]:
    """Registered and living there are two facts."""
    since = _midnight(max(family.since, member.born))
    bases = {
        Stay.BOTH: (Residence.Basis.REGISTERED, Residence.Basis.ACTUAL),
        Stay.LIVES: (Residence.Basis.ACTUAL,),
        Stay.REGISTERED: (Residence.Basis.REGISTERED,),
    }
    for basis in bases[member.stay]:
        only = member.stay is Stay.REGISTERED
        tenure = Residence.Tenure.REGISTERED_ONLY if only else family.tenure
        yield NewResidence(
            person, family.home, basis=basis, household_id=household, tenure=tenure, role=member.role, since=since,
            source=SOURCE,
        )  # fmt: skip


def _state_uses(
    community: Community, homes: Sequence[Home], kitchens: Sequence[Dwelling], families: Sequence[Family]
) -> None:
    uses: dict[int, str] = {home.id: Dwelling.Use.VACANT for home in homes}
    uses |= {f.home: USE_OF[f.tenure] for f in families if f.tenure in USE_OF}
    uses |= {kitchen.pk: Dwelling.Use.SHARED for kitchen in kitchens}
    state_use(community=community, uses=uses)


def _share_kitchens(settled: Settled, kitchens: Sequence[Dwelling]) -> set[int]:
    """Households of the stairwells that have a shared kitchen; those of other shared flats share what is inside."""
    by_unit: dict[int, list[Household]] = defaultdict(list)
    rows = Household.objects.filter(
        pk__in=settled.households, dwelling__unit__in=[k.unit_id for k in kitchens]
    ).select_related("dwelling")
    for household in rows.defer("dwelling__footprint", "dwelling__walls").order_by("pk"):
        by_unit[household.dwelling.unit_id].append(household)
    for kitchen in kitchens:
        if by_unit[kitchen.unit_id]:
            share_space(space=kitchen, households=by_unit[kitchen.unit_id])
    return {household.pk for found in by_unit.values() for household in found}


def _give_tags(community: Community, settled: Settled, sharing: set[int], on: date, pick: Random) -> None:
    add_starter_tags(community=community)
    codes = dict(Tag.objects.in_force().filter(community=community).values_list("code", "pk"))
    given = [
        NewTagging(codes[code], person, since=_midnight(max(family.since, member.born)), source=SOURCE)
        for family, _, member, person in settled.members()
        for code in tags_of(member, family, on, pick)
    ]
    for family, household in zip(settled.families, settled.households, strict=True):
        found = tags_of_household(family, shares_kitchen=household in sharing, pick=pick)
        given += [NewTagging(codes[code], household, source=SOURCE) for code in found]
    let = sorted({family.home for family in settled.families if is_let(family)})
    given += [NewTagging(codes["let_home"], home, source=SOURCE) for home in let]
    give_tags(community=community, tags=given)


def _care(community: Community, settled: Settled, on: date, pick: Random) -> None:
    """Elders who live alone have a neighbour who looks after them, and somebody to call."""
    alone, able = [], []
    for family, _, member, person in settled.members():
        if member.stay is Stay.REGISTERED:
            continue
        if len(family.members) == 1 and member.age(on) >= 70:
            alone.append((member, person))
        elif 30 <= member.age(on) <= 62 and member.phone:
            able.append((member, person))
    pairs = [
        NewCarePair(helper, elder)
        for (_, elder), (_, helper) in zip(alone, pick.sample(able, len(alone)), strict=True)
    ]
    start_care_pairs(community=community, pairs=pairs)
    add_emergency_contacts(
        community=community,
        contacts=[
            NewContact(elder, f"{member.name[0]}示儿", f"1991000{n % 10000:04d}", relation="子女")
            for n, (member, elder) in enumerate(alone)
        ],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
