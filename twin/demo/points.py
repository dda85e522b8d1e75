"""The demo's civic points: a year of deeds and breaches, a shop that is used, and claims that wait for somebody to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from twin.access.models import Role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.photos import clean_photo
from twin.base.verbs import verb
from twin.demo.evidence import draw_evidence
from twin.people.models import Household, Residence
from twin.places.models import Community
from twin.points.actions import (
    NewEntry,
    enter_many,
    file_claim,
    hand_over,
    nominate,
    open_vote,
    publish_starter_rules,
    redeem,
)
from twin.points.models import Account, Entry, Reward, Rule
from twin.points.periods import bounds
from twin.points.starter_rules import StarterRule, starter_rules

A_YEAR = timedelta(days=330)
RULES_SINCE = timedelta(days=400)

# How much families do: the share of them, and how many deeds in the year.
LIVELY = ((0.04, 26, 48), (0.14, 8, 20), (0.36, 1, 6))
BREAKS_RULES = 0.05

# What is done often and what seldom.
DEEDS = {
    "waste_sorting": 30, "clean_up": 12, "volunteer_act": 12, "elder_visit": 8, "meeting": 7, "survey": 7, "lecture": 6,
    "waste_guide": 6, "parcel": 5, "night_watch": 5, "elder_meal": 4, "old_clothes": 4, "stairwell_cleared": 4,
    "reading_family": 4, "lane_blocked": 4, "stairwell_ebike": 4, "school_crossing": 3, "elder_repair": 3, "idea": 3,
    "bulky_waste": 3, "smoke_alarm": 2, "gas_hose": 2, "extinguisher": 2, "tidy_home": 2, "small_ads": 2,
    "green_adopted": 1, "mediation": 1, "blood": 1, "first_aid": 1, "fire_early": 1, "found_returned": 1,
}  # fmt: skip
BREACHES = {
    "ebike_upstairs": 5, "stairwell_goods": 5, "waste_mixed": 4, "bad_parking": 3, "dog_loose": 2, "flying_wire": 1,
}  # fmt: skip

OPENS_IN, CANDIDATES = timedelta(seconds=30), 8
SPENDERS, HANDED_OVER = 60, 48
CLAIMED = (
    ("clean_up", "周六和邻居一起清理了小区花坛"),
    ("elder_repair", "帮楼上老人修好了水龙头"),
    ("stairwell_cleared", "清走了三楼转角的旧家具"),
    ("green_adopted", "认养楼前绿地,已浇水除草"),
    ("lane_blocked", "消防通道被占,拍照上报"),
    ("ebike_upstairs", "巡查时见电动车停在楼道充电"),
)


@dataclass(frozen=True, slots=True)
class Living:
    """A household whose people live here, and since when (UTC)."""

    household_id: int
    since: datetime


@verb
def keep_ledgers(*, community: Community, workers: Sequence[User], seed: int = 23) -> int:
    """Rules, a year of entries, what was redeemed and claimed, and a vote. Returns how many entries were made up.

    The same for the same seed, counted back from now.
    """
    pick = Random(seed)  # noqa: S311  (not a secret)
    now = timezone.now()
    publish_starter_rules(community=community, valid_from=now - RULES_SINCE)
    clerk = Role.objects.filter(community=community, kind=RoleKind.COMMUNITY_ADMIN).earliest("pk").user
    entries = list(_year(community, _living(community), now, pick))
    enter_many(community=community, entries=entries, by=clerk)
    _go_shopping(community, clerk, now, pick)
    _file_claims(workers, now, pick)
    _hold_vote(community, now)
    return len(entries)


def _living(community: Community) -> list[Living]:
    stays = Residence.objects.current().actual().filter(community=community, household__isnull=False)
    rows = stays.values_list("household").annotate(since=Min(Lower("during"))).order_by("household")
    return [Living(household, since) for household, since in rows]


def _year(community: Community, living: Sequence[Living], now: datetime, pick: Random) -> Iterator[NewEntry]:
    rules = {rule.code: rule for rule in starter_rules("towers")}
    for home in living:
        begin = max(home.since, now - A_YEAR)
        if now - begin < timedelta(days=2):
            continue
        counted: Counter[tuple[str, datetime]] = Counter()
        for code in (*_done_by_one(pick), *_broken_by_one(pick)):
            at = _daytime(begin, now, community.time_zone, pick)
            rule = rules[code]
            if _counts(rule, at, community.time_zone, counted):
                yield NewEntry(home.household_id, code, at, points=_points(rule, pick), evidence="示范数据")


def _done_by_one(pick: Random) -> list[str]:
    draw = pick.random()
    for share, least, most in LIVELY:
        if draw < share:
            return pick.choices(list(DEEDS), weights=list(DEEDS.values()), k=pick.randint(least, most))
        draw -= share
    return []


def _broken_by_one(pick: Random) -> list[str]:
    if pick.random() >= BREAKS_RULES:
        return []
    return pick.choices(list(BREACHES), weights=list(BREACHES.values()), k=pick.choice((1, 1, 1, 2)))


def _daytime(begin: datetime, now: datetime, zone: str, pick: Random) -> datetime:
    """Some moment between eight and twenty o'clock where the community is, at least an hour ago."""
    until = now - timedelta(hours=1)
    day = (begin + (until - begin) * pick.random()).astimezone(ZoneInfo(zone))
    at = day.replace(hour=pick.randint(8, 19), minute=pick.randrange(60), second=0, microsecond=0)
    return min(max(at, begin), until)


def _counts(rule: StarterRule, at: datetime, zone: str, counted: Counter[tuple[str, datetime]]) -> bool:
    """Whether one more still counts in its period."""
    if rule.times is None:
        return True
    period = (rule.code, bounds(rule.period, at, zone)[0])
    counted[period] += 1
    return counted[period] <= rule.times


def _points(rule: StarterRule, pick: Random) -> int | None:
    return None if isinstance(rule.points, int) else pick.randint(*rule.points)


def _go_shopping(community: Community, clerk: User, now: datetime, pick: Random) -> None:
    """Some families with points spend them; most have their goods already."""
    rewards = list(Reward.objects.in_force().filter(community=community).order_by("price"))
    least = rewards[0].price
    rich = Account.objects.filter(community=community, balance__gte=least).order_by("household")
    accounts = list(rich.select_related("household__community").defer("household__community__boundary"))
    for n, account in enumerate(pick.sample(accounts, min(SPENDERS, len(accounts)))):
        reward = pick.choice([reward for reward in rewards if reward.price <= account.balance])
        redemption = redeem(
            household=account.household,
            reward=reward,
            by=None,
            at=now - timedelta(days=SPENDERS - n, hours=3),
        )
        if n < HANDED_OVER:
            hand_over(redemption=redemption, by=clerk)


def _hold_vote(community: Community, now: datetime) -> None:
    """A vote on civilised families, open from the moment when the demo is looked at, among those with the most points."""
    # A slow machine has been at it for minutes since `now`, and nobody can stand any more once a vote is open.
    vote = open_vote(
        community=community,
        title="年度文明家庭评选",
        opens_at=timezone.now() + OPENS_IN,
        closes_at=now + timedelta(days=14),
        counts_from=now - A_YEAR,
        counts_until=now,
        by=None,
    )
    best = Account.objects.filter(community=community).order_by("-balance", "household")[:CANDIDATES]
    households = Household.objects.filter(pk__in=[account.household_id for account in best]).order_by("pk")
    nominate(vote=vote, households=list(households), by=None, stories=_stories(households))


def _stories(households: QuerySet[Household]) -> dict[int, str]:
    """What each has been given points for most often."""
    awards = Entry.objects.filter(household__in=households, kind=Entry.Kind.AWARD)
    counted = awards.values_list("household", "version__name").annotate(times=Count("pk"))
    told: dict[int, list[str]] = {}
    for household, deed, times in counted.order_by("household", "-times", "version__name"):
        told.setdefault(household, []).append(f"{deed} {times} 次")
    return {household: "、".join(deeds[:3]) for household, deeds in told.items()}


def _file_claims(workers: Sequence[User], now: datetime, pick: Random) -> None:
    """What workers have sent in of households of their own grids, and nobody has looked at yet."""
    asked = ((worker, _first_household(worker)) for worker in workers)
    told = ((worker, household) for worker, household in asked if household is not None)
    for n, ((code, note), (worker, household)) in enumerate(zip(CLAIMED, told, strict=False)):
        file_claim(
            household=household,
            rule=Rule.objects.in_force().get(community=household.community, code=code),
            by=worker,
            happened_at=now - timedelta(hours=4 + 7 * n),
            note=note,
            photos=[clean_photo(draw_evidence(pick.randrange(1000)))],
        )


def _first_household(worker: User) -> Household | None:
    """Of the worker's grid; None where nobody lives."""
    role = worker.roles.get(kind=RoleKind.GRID_WORKER)
    there = Household.objects.filter(dwelling__building__grid=role.grid).standing().order_by("pk")
    found: Household | None = there.select_related("community").defer("community__boundary").first()
    return found
