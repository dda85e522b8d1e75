"""That somebody has looked at many is told at once: to who audits the community and to who looked, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import box
from tests.layers.live.talking import Talk, in_database
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.actions import NewPerson, add_person, note_views, set_privacy_rule
from twin.places.actions import found_community
from twin.places.models import Community

InRole = Callable[..., User]


def look_at_many(by: User, community: Community) -> None:
    set_privacy_rule(community=community, views_before_notice=1)
    people = [add_person(community=community, person=NewPerson(f"甲{n}")) for n in range(2)]
    note_views(by=by, action="person.view", community=community, subjects=people)


def an_auditor_elsewhere(someone: Callable[..., User]) -> User:
    other = found_community(name="别处", boundary=box(122.700, 31.050, 122.704, 31.052))
    user = someone("别处的审计员")
    grant_role(user=user, kind=RoleKind.AUDITOR, community=other)
    return user


async def test_the_auditor_and_who_looked_are_told_at_once(
    community: Community, officer: User, in_role: InRole
) -> None:
    auditor = await in_database(in_role, RoleKind.AUDITOR)
    async with Talk(user=auditor) as desk, Talk(user=officer) as own:
        await desk.snapshot(f"inbox:{auditor.pk}")
        await own.snapshot(f"inbox:{officer.pk}")
        await in_database(look_at_many, officer, community)
        told = (await desk.expect("change", f"inbox:{auditor.pk}"))["fact"]
        mine = (await own.expect("change", f"inbox:{officer.pk}"))["fact"]
    assert told == mine
    assert told["kind"] == "many_looked"
    assert (told["community_id"], told["by_id"], told["views"]) == (community.pk, officer.pk, 2)


async def test_who_comes_later_finds_it_and_others_do_not(
    community: Community, officer: User, in_role: InRole, someone: Callable[..., User]
) -> None:
    await in_database(look_at_many, officer, community)
    told = {}
    for name, viewer in {
        "auditor": await in_database(in_role, RoleKind.AUDITOR),
        "officer": officer,
        "admin": await in_database(in_role, RoleKind.COMMUNITY_ADMIN),
        "elsewhere": await in_database(an_auditor_elsewhere, someone),
    }.items():
        async with Talk(user=viewer) as talk:
            items = (await talk.snapshot(f"inbox:{viewer.pk}"))["items"]
        told[name] = [item["kind"] for item in items if item["kind"] != "rights"]
    assert told == {"auditor": ["many_looked"], "officer": ["many_looked"], "admin": [], "elsewhere": []}
