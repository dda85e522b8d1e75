"""The demo's visits: a year of calls. Elders are seen most weeks and get services, others a few times, some doors never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q
from django.db.models.functions import Lower
from django.utils import timezone

from twin.access.models import Role
from twin.access.roles import RoleKind
from twin.base.verbs import verb
from twin.patrol.actions import NewVisit, record_visits
from twin.patrol.models import Visit
from twin.people.models import Residence
from twin.places.models import Community

A_YEAR = timedelta(days=360)
OLD = timedelta(days=80 * 365)
NEVER_VISITED = 0.22
NO_ANSWER, REFUSED = 0.16, 0.02
SERVED = 0.55
"""Of the calls on the very old that met somebody."""

Outcome, Service = Visit.Outcome, Visit.Service
SERVICES: Mapping[str, int] = {
    Service.COMPANY: 8, Service.MEAL: 6, Service.MEDICAL: 4, Service.ERRAND: 3, Service.CARE: 2, Service.SAFETY: 2,
    Service.REPAIR: 1, Service.ADVICE: 1,
}  # fmt: skip
NOTES: Mapping[str, Sequence[str]] = {
    "": ("情况正常", "宣传防诈骗", "核对常住人口信息", "提醒电动车不进楼", ""),
    Service.COMPANY: ("陪老人聊天,精神不错", "老人说子女周末回来"),
    Service.MEAL: ("送午餐上门", "送餐,提醒按时吃药"),
    Service.MEDICAL: ("量血压,略高,建议复查", "量血压,正常"),
    Service.ERRAND: ("代买降压药", "代缴水电费"),
    Service.CARE: ("上门理发", "助浴"),
    Service.SAFETY: ("检查燃气软管,已更换", "测试烟感,正常"),
    Service.REPAIR: ("修好厨房水龙头", "更换楼道灯泡"),
    Service.ADVICE: ("协助办理高龄津贴", "解答医保报销"),
}


@dataclass(frozen=True, slots=True)
class Home:
    household_id: int
    dwelling_id: int
    grid_id: int
    since: datetime
    old: int


@verb
def pay_visits(*, community: Community, seed: int = 31) -> int:
    """A year of visits by the worker of each grid. Returns how many; the same for the same seed, counted back from now."""
    pick = Random(seed)  # noqa: S311  (not a secret)
    now = timezone.now()
    workers = Role.objects.filter(community=community, kind=RoleKind.GRID_WORKER, grid__isnull=False)
    of_grid = dict(workers.order_by("-pk").values_list("grid", "user"))
    visits = [
        visit
        for home in _homes(community, now)
        if home.grid_id in of_grid
        for visit in _year(home, of_grid[home.grid_id], community.time_zone, now, pick)
    ]
    record_visits(community=community, visits=sorted(visits, key=lambda visit: visit.visited_at))
    return len(visits)


def _homes(community: Community, now: datetime) -> Iterator[Home]:
    stays = Residence.objects.current().actual().filter(community=community, household__isnull=False)
    rows = stays.values_list("household", "household__dwelling", "dwelling__building__grid").annotate(
        since=Min(Lower("during")), old=Count("pk", filter=Q(person__birth_date__lte=(now - OLD).date()))
    )
    return (Home(*row) for row in rows.order_by("household"))


def _year(home: Home, worker_id: int, zone: str, now: datetime, pick: Random) -> Iterator[NewVisit]:
    begin = max(home.since, now - A_YEAR)
    until = now - timedelta(hours=1)
    if until - begin < timedelta(days=2):
        return
    days = (until - begin) / timedelta(days=1)
    calls = _calls(home, pick)
    moments = {
        _daytime(begin + timedelta(days=days * pick.random() ** 0.8), until, zone, pick) for _ in range(calls)
    }
    for at in sorted(moments):
        outcome = pick.choices(
            (Outcome.NO_ANSWER, Outcome.REFUSED, Outcome.MET), (NO_ANSWER, REFUSED, 1 - NO_ANSWER - REFUSED)
        )[0]
        served = outcome == Outcome.MET and home.old and pick.random() < SERVED
        service = pick.choices(list(SERVICES), list(SERVICES.values()))[0] if served else ""
        note = pick.choice(NOTES[service]) if outcome == Outcome.MET else ""
        yield NewVisit(home.dwelling_id, worker_id, at, outcome, service, note, home.household_id)


def _calls(home: Home, pick: Random) -> int:
    if home.old:
        return pick.randint(10, 30)
    return 0 if pick.random() < NEVER_VISITED else pick.choice((1, 1, 1, 2, 2, 3, 4, 6))


def _daytime(day: datetime, until: datetime, zone: str, pick: Random) -> datetime:
    """A working moment of that day where the community is, between nine and eighteen o'clock."""
    local = day.astimezone(ZoneInfo(zone))
    at = local.replace(hour=pick.randint(9, 17), minute=pick.randrange(60), second=0, microsecond=0)
    return min(at, until)
