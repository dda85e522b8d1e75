from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.points.homes import a_household, a_resident
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import Event
from twin.people.models import Household
from twin.places.models import Building, Community
from twin.points.actions import award, cast_vote, count_vote, nominate, open_vote, reverse_entry
from twin.points.events import VoteCast
from twin.points.models import Candidate, FamilyVote, Rule, Turnout

HOUR = timedelta(hours=1)


def a_vote(community: Community, **said: Any) -> FamilyVote:
    now = timezone.now()
    times = {
        "opens_at": now + HOUR,
        "closes_at": now + 48 * HOUR,
        "counts_from": now - timedelta(days=365),
        "counts_until": now + HOUR,
    }
    return open_vote(community=community, title="文明家庭", by=None, **{**times, **said})


def let_it(vote: FamilyVote, **ago: Any) -> FamilyVote:
    """Time passes: the vote's times are moved, since the clock cannot be."""
    now = timezone.now()
    FamilyVote.objects.filter(pk=vote.pk).update(**{name: now + offset for name, offset in ago.items()})
    return FamilyVote.objects.get(pk=vote.pk)


@pytest.fixture
def homes(west_building: Building) -> list[Household]:
    return [a_household(west_building, room) for room in ("401", "402", "403", "404")]


@pytest.fixture
def vote(homes: list[Household]) -> FamilyVote:
    """Open, with four families."""
    vote = a_vote(homes[0].community)
    nominate(vote=vote, households=homes, by=None)
    return let_it(vote, opens_at=-HOUR)


def candidates(vote: FamilyVote, *numbers: int) -> list[Candidate]:
    rows = list(vote.candidates.order_by("pk"))
    return [rows[n] for n in numbers]


def votes_of(vote: FamilyVote) -> list[int]:
    return list(vote.candidates.order_by("pk").values_list("votes", flat=True))


def test_everyone_votes_once_for_some_families(vote: FamilyVote, resident: User, told: list[Event]) -> None:
    cast_vote(vote=vote, by=resident, candidates=candidates(vote, 0, 2))
    assert votes_of(vote) == [1, 0, 1, 0]
    assert told == [VoteCast(community_id=vote.community_id, vote_id=vote.pk)]
    with pytest.raises(Conflict) as refusal:
        cast_vote(vote=vote, by=resident, candidates=candidates(vote, 1))
    assert refusal.value.code == "has_voted"
    assert votes_of(vote) == [1, 0, 1, 0]


def test_who_voted_for_whom_is_written_nowhere(vote: FamilyVote, resident: User) -> None:
    cast_vote(vote=vote, by=resident, candidates=candidates(vote, 0))
    columns = {field.name for field in Turnout._meta.get_fields()}
    assert columns == {"id", "created_at", "vote", "person", "votes"}
    assert not [f for f in Candidate._meta.related_objects if f.related_model is Turnout]


@pytest.mark.parametrize("numbers", [(), (0, 1, 2, 3)])
def test_a_ballot_has_one_to_three_families(
    vote: FamilyVote, resident: User, numbers: tuple[int, ...]
) -> None:
    with pytest.raises(Invalid) as refusal:
        cast_vote(vote=vote, by=resident, candidates=candidates(vote, *numbers))
    assert refusal.value.code == "too_many_choices"


def test_nobody_votes_for_the_own_family(vote: FamilyVote, homes: list[Household]) -> None:
    with pytest.raises(Invalid) as refusal:
        cast_vote(vote=vote, by=a_resident(homes[1]), candidates=candidates(vote, 0, 1))
    assert refusal.value.code == "own_household"
    assert not Turnout.objects.exists()


def test_a_family_that_stands_elsewhere_gets_no_vote_here(
    vote: FamilyVote, homes: list[Household], resident: User
) -> None:
    other = a_vote(homes[0].community)
    [candidate] = nominate(vote=other, households=homes[:1], by=None)
    with pytest.raises(Invalid):
        cast_vote(vote=vote, by=resident, candidates=[candidate])


def test_children_do_not_vote(vote: FamilyVote, household: Household) -> None:
    today = vote.community.today()
    child = a_resident(household, "王小小", role="child", birth_date=date(today.year - 17, 1, 1))
    with pytest.raises(NotVisible):
        cast_vote(vote=vote, by=child, candidates=candidates(vote, 0))


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - {RoleKind.STAIRWELL_HEAD}))
def test_who_does_not_live_here_does_not_vote(
    vote: FamilyVote, in_role: Callable[..., User], kind: str
) -> None:
    with pytest.raises(NotVisible):
        cast_vote(vote=vote, by=in_role(kind), candidates=candidates(vote, 0))


def test_a_vote_is_cast_while_it_is_open(vote: FamilyVote, resident: User) -> None:
    for times in ({"opens_at": HOUR, "closes_at": 2 * HOUR}, {"opens_at": -2 * HOUR, "closes_at": -HOUR}):
        with pytest.raises(Conflict) as refusal:
            cast_vote(vote=let_it(vote, **times), by=resident, candidates=candidates(vote, 0))
        assert refusal.value.code == "vote_is_not_open"


def test_once_it_is_open_nobody_else_can_stand(vote: FamilyVote, across: Household) -> None:
    with pytest.raises(Conflict) as refusal:
        nominate(vote=vote, households=[across], by=None)
    assert refusal.value.code == "vote_is_open"


def test_a_family_stands_once(homes: list[Household]) -> None:
    vote = a_vote(homes[0].community)
    nominate(vote=vote, households=homes[:1], by=None)
    with pytest.raises(Conflict) as refusal:
        nominate(vote=vote, households=homes[:1], by=None)
    assert refusal.value.code == "stands_already"


def test_votes_and_points_are_counted_once(
    vote: FamilyVote, homes: list[Household], resident: User, neighbours: Household, merit: Rule, clerk: User
) -> None:
    award(household=homes[0], rule=merit, by=None, points=50)
    award(household=homes[1], rule=merit, by=None, points=100)
    cast_vote(vote=vote, by=resident, candidates=candidates(vote, 0, 1))
    cast_vote(vote=vote, by=a_resident(neighbours, "李四"), candidates=candidates(vote, 0))
    with pytest.raises(Conflict):
        count_vote(vote=vote, by=clerk)
    results = count_vote(vote=let_it(vote, closes_at=timedelta(seconds=-1)), by=clerk)
    assert [(c.household_id, c.votes, c.points, c.score, c.place) for c in results] == [
        (homes[0].pk, 2, 50, 75.0, 1),
        (homes[1].pk, 1, 100, 75.0, 1),
        (homes[2].pk, 0, 0, 0.0, 3),
        (homes[3].pk, 0, 0, 0.0, 3),
    ]
    with pytest.raises(Conflict) as refusal:
        count_vote(vote=vote, by=clerk)
    assert refusal.value.code == "counted_already"


def test_what_was_counted_stays_whatever_the_ledger_says_later(
    vote: FamilyVote, homes: list[Household], merit: Rule
) -> None:
    entry = award(household=homes[0], rule=merit, by=None, points=50)
    count_vote(vote=let_it(vote, closes_at=timedelta(seconds=-1)), by=None)
    reverse_entry(entry=entry, by=None, reason="错")
    assert Candidate.objects.get(household=homes[0]).points == 50


@pytest.mark.parametrize(
    ("said", "constraint"),
    [
        ({"closes_at": timezone.now() - HOUR}, "a_vote_closes_after_it_opens"),
        ({"vote_weight": 101}, "a_vote_can_be_counted"),
        ({"choices": 0}, "a_vote_can_be_counted"),
    ],
)
def test_a_vote_that_cannot_be_is_refused_by_name(
    community: Community, said: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        a_vote(community, **said)
    assert refusal.value.code == constraint


@pytest.mark.parametrize("kind", [RoleKind.GRID_HEAD, RoleKind.DUTY_OFFICER, RoleKind.RESIDENT])
def test_only_who_runs_the_points_holds_a_vote(
    vote: FamilyVote, in_role: Callable[..., User], kind: str
) -> None:
    by = in_role(kind)
    closed = let_it(vote, closes_at=timedelta(seconds=-1))
    for attempt in (
        lambda: a_vote_by(vote, by),
        lambda: nominate(vote=vote, households=[], by=by),
        lambda: count_vote(vote=closed, by=by),
    ):
        with pytest.raises(NotVisible):
            attempt()


def a_vote_by(vote: FamilyVote, by: User) -> FamilyVote:
    times = {name: getattr(vote, name) for name in ("opens_at", "closes_at", "counts_from", "counts_until")}
    return open_vote(community=vote.community, title="x", by=by, **times)
