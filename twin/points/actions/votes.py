"""The choice of the civilised families: nominated, voted for in secret, counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from django.db.models import F, Sum
from django.utils import timezone

from twin.access.actions import record
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import emit
from twin.base.verbs import verb
from twin.people.models import Household, Person, Residence
from twin.places.models import Community
from twin.points.actions.refusals import said_why
from twin.points.actions.rights import demand_runner
from twin.points.counting import Standing, counted
from twin.points.events import FamiliesNominated, VoteCast, VoteCounted, VoteOpened
from twin.points.models import Candidate, Entry, FamilyVote, Turnout

OF_AGE = 18
LONGEST_STORY = 120


@verb
def open_vote(
    *,
    community: Community,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    counts_from: datetime,
    counts_until: datetime,
    vote_weight: int = 50,
    choices: int = 3,
    places: int = 10,
    by: User | None,
) -> FamilyVote:
    """Announce a vote. Points of deeds from `counts_from` until before `counts_until` count; all times UTC.

    Raises Invalid for times or numbers that cannot be.
    """
    demand_runner(by, community)
    with said_why():
        vote = FamilyVote.objects.create(
            community=community,
            title=title,
            opens_at=opens_at,
            closes_at=closes_at,
            counts_from=counts_from,
            counts_until=counts_until,
            vote_weight=vote_weight,
            choices=choices,
            places=places,
        )
    record(by=by, action="points.open_vote", community=community, subject=vote)
    emit(VoteOpened(community_id=community.pk, vote_id=vote.pk))
    return vote


@verb
def nominate(
    *,
    vote: FamilyVote,
    households: Sequence[Household],
    by: User | None,
    stories: Mapping[int, str] = MappingProxyType({}),
) -> list[Candidate]:
    """Put families up for the vote, until it opens. `stories`: by id of a household, what it has done, in at most 120
    characters that everybody reads; heads are masked, and many are called alike. Raises Invalid for one of another community
    and for a longer story, Conflict for one that stands already and once the vote is open."""
    demand_runner(by, vote.community)
    current = FamilyVote.objects.select_for_update(no_key=True).get(pk=vote.pk)
    if timezone.now() >= current.opens_at:
        raise Conflict("The vote is open; nobody else can stand.", code="vote_is_open")
    for household in households:
        if household.community_id != vote.community_id or household.ended_at is not None:
            raise Invalid("There is no such household in this community.", where="households")
    told = {pk: " ".join(story.split()) for pk, story in stories.items()}
    if any(len(story) > LONGEST_STORY for story in told.values()):
        raise Invalid("Tell it in at most %(most)d characters.", most=LONGEST_STORY, where="story")
    with said_why():
        standing = Candidate.objects.bulk_create(
            Candidate(vote=vote, household=household, story=told.get(household.pk, ""))
            for household in households
        )
    emit(
        FamiliesNominated(
            community_id=vote.community_id,
            vote_id=vote.pk,
            household_ids=tuple(household.pk for household in households),
        )
    )
    return standing


@verb
def cast_vote(*, vote: FamilyVote, by: User, candidates: Sequence[Candidate]) -> Turnout:
    """Vote, once, for one or several families other than one's own. Whom for is counted and forgotten.

    For residents of age who live here now. Raises NotVisible for others, Conflict for who has voted and outside the time,
    Invalid for too many families, for one's own, and for one that does not stand.
    """
    person = _demand_voter(by, vote)
    now = timezone.now()
    if not vote.opens_at <= now < vote.closes_at:
        raise Conflict("The vote is not open.", code="vote_is_not_open")
    chosen = _check_ballot(vote, person, candidates)
    with said_why():
        turnout = Turnout.objects.create(vote=vote, person=person, votes=len(chosen))
    # In order of id, so that two ballots queue and never deadlock.
    list(
        Candidate.objects.filter(pk__in=chosen)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )
    Candidate.objects.filter(pk__in=chosen).update(votes=F("votes") + 1)
    emit(VoteCast(community_id=vote.community_id, vote_id=vote.pk))
    return turnout


@verb
def count_vote(*, vote: FamilyVote, by: User | None) -> list[Candidate]:
    """Count, once, after the vote has closed: each candidate's points, score and place are written down for good.

    Raises Conflict while it is open and once it is counted.
    """
    demand_runner(by, vote.community)
    current = FamilyVote.objects.select_for_update(no_key=True).get(pk=vote.pk)
    if current.closed_at is not None:
        raise Conflict("This vote has been counted already.", code="counted_already")
    if timezone.now() < current.closes_at:
        raise Conflict("The vote is still open.", code="vote_is_open")
    candidates = {c.pk: c for c in current.candidates.all()}
    points = _points_of(current)
    results = counted(
        [Standing(c.pk, c.votes, points.get(c.household_id, 0)) for c in candidates.values()],
        vote_weight=current.vote_weight,
    )
    for result in results:
        candidate = candidates[result.key]
        candidate.points, candidate.score, candidate.place = result.points, result.score, result.place
    Candidate.objects.bulk_update(candidates.values(), ["points", "score", "place"])
    current.closed_at = timezone.now()
    current.save(update_fields=["closed_at"])
    record(by=by, action="points.count_vote", community=current.community, subject=current)
    emit(VoteCounted(community_id=current.community_id, vote_id=current.pk))
    return sorted(candidates.values(), key=lambda c: (c.place or 0, c.pk))


def _demand_voter(by: User, vote: FamilyVote) -> Person:
    person: Person | None = Person.objects.filter(user=by, community=vote.community, ended_at=None).first()
    resident = RoleKind.RESIDENT in scope_of(by).roles_in(vote.community_id)
    if (
        person is None
        or not resident
        or not Residence.objects.current().actual().filter(person=person).exists()
    ):
        raise NotVisible("There is nothing here for you.")
    if person.birth_date is not None and _age(person.birth_date, vote.community.today()) < OF_AGE:
        raise NotVisible("There is nothing here for you.")
    return person


def _check_ballot(vote: FamilyVote, person: Person, candidates: Sequence[Candidate]) -> list[int]:
    chosen = sorted({candidate.pk for candidate in candidates})
    if not 1 <= len(chosen) <= vote.choices:
        raise Invalid(
            "Choose 1 to %(most)s families.", most=vote.choices, where="candidates", code="too_many_choices"
        )
    if any(candidate.vote_id != vote.pk for candidate in candidates):
        raise Invalid("This family does not stand in this vote.", where="candidates")
    homes = set(Residence.objects.current().filter(person=person).values_list("household", flat=True))
    if any(candidate.household_id in homes for candidate in candidates):
        raise Invalid("Choose other families than your own.", where="candidates", code="own_household")
    return chosen


def _points_of(vote: FamilyVote) -> dict[int, int]:
    deeds = Entry.objects.earned().between(vote.counts_from, vote.counts_until)
    mine = deeds.filter(household__in=vote.candidates.values("household"))
    return dict(mine.values_list("household").annotate(total=Sum("points")))


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
