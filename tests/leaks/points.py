"""Points in the world of the leak test: a household of each grid with everything that a ledger can hold.

Numbers bear no marks. So every line and every claim is of a day of its own in 1897 and 1898, and a line that is told gives
itself away by its day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

from django.utils import timezone
from PIL import Image

from tests.leaks.markers import Mark, Marker
from twin.accounts.models import User
from twin.base.photos import clean_photo
from twin.people.masking import masked_name
from twin.people.models import Household, Person
from twin.places.models import Community
from twin.points import actions
from twin.points.models import Band, Claim, Entry, FamilyVote, Reward, Rule, RuleClass, RuleVersion

LONG_AGO = datetime(1890, 1, 1, tzinfo=UTC)
FIRST_DAY = datetime(1897, 1, 1, 12, tzinfo=UTC)
_serial = count()


def agree_on_points(marker: Marker, community: Community, belongs: str) -> None:
    """What a community agrees on: classes, rules, bands, rewards."""
    kind = actions.add_rule_class(community=community, code="deeds", name="类", name_en="class", by=None)
    for code, points in (("deed", 20), ("merit", 9), ("breach", -5)):
        actions.publish_rule(
            community=community, code=code, kind=kind, name=code, name_en=code, description="说明", least=points,
            most=points, valid_from=LONG_AGO, by=None,
        )  # fmt: skip
    band = actions.NewBand("all", "等级", "band", "#37d5ff", -1000)
    actions.agree_on_bands(community=community, bands=[band], by=None)
    actions.add_reward(community=community, code="oil", name="油", name_en="oil", price=3, stock=9, by=None)
    for model in (RuleClass, RuleVersion, Band, Reward):
        for row in model._default_manager.filter(community=community):
            marker.mark(row, belongs)


def live_a_year(marker: Marker, head: Person, worker: User, belongs: str) -> Household:
    """A household with one line of every kind and one claim of every kind; its head is on the board."""
    household: Household = head.residences.exclude(household=None).first().household
    rules = {rule.code: rule for rule in Rule.objects.filter(community=household.community)}
    for entry in _lines(household, rules):
        _mark_line(marker, entry, belongs)
    for claim, kind in _claims(household, rules, head, worker):
        day = next(_days())
        Claim.objects.filter(pk=claim.pk).update(happened_at=day, note=kind)
        marker.mark(claim, belongs)
        _rename(marker, claim, kind)
        marker.marks[_iso(day)] = Mark(_iso(day), "points.Claim", claim.pk, f"happened_at ({kind})", belongs)
    recent = actions.award(household=household, rule=rules["deed"], by=None, evidence="据")
    marker.mark(recent, belongs)
    on_board = masked_name(head.name)
    shared = "other" if belongs == "other" else "community"
    marker.marks[on_board] = Mark(on_board, "points.Board", head.pk, "called", shared)
    return household


def hold_a_vote(marker: Marker, households: list[Household], belongs: str) -> FamilyVote:
    now, hour = timezone.now(), timedelta(hours=1)
    vote = actions.open_vote(
        community=households[0].community, title="文明家庭", opens_at=now + hour, closes_at=now + 2 * hour,
        counts_from=now - hour, counts_until=now, by=None,
    )  # fmt: skip
    stories = {household.pk: "照看独居邻居" for household in households}
    actions.nominate(vote=vote, households=households, by=None, stories=stories)
    marker.mark(vote, belongs)
    for candidate in vote.candidates.all():
        marker.mark(candidate, belongs)
    return vote


def _lines(household: Household, rules: dict[str, Rule]) -> Iterator[Entry]:
    """An award that stands; one that was taken back; a breach; a redemption: and what took them back."""
    days = _days()

    def award(code: str) -> Entry:
        return actions.award(
            household=household, rule=rules[code], by=None, happened_at=next(days), evidence="据"
        )

    yield award("deed")
    taken_back = award("merit")
    yield taken_back
    breach = actions.record_breach(
        household=household, rule=rules["breach"], by=None, happened_at=next(days), evidence="据"
    )
    yield breach
    reward = Reward.objects.get(community=household.community)
    for reverse in (False, True):
        redemption = actions.redeem(household=household, reward=reward, by=None, at=next(days))
        yield redemption.entry
        if reverse:
            actions.reverse_entry(entry=redemption.entry, by=None, reason="退")
    actions.reverse_entry(entry=taken_back, by=None, reason="错")


def _mark_line(marker: Marker, entry: Entry, belongs: str) -> None:
    """The evidence of a line by a word, the line itself by its day; a reversal has the day of what it undoes."""
    standing = entry.kind == Entry.Kind.AWARD and entry.version.rule.code == "deed"  # type: ignore[union-attr]
    day = _iso(entry.happened_at)
    marker.mark(entry, belongs)
    kind = "award" if standing else "other"
    marker.marks[day] = Mark(day, "points.Entry", entry.pk, f"happened_at ({kind})", belongs)


def _claims(
    household: Household, rules: dict[str, Rule], head: Person, worker: User
) -> Iterator[tuple[Claim, str]]:
    """What the household claims, with a photo, and what a worker reports of it."""
    by = head.user or worker
    picture = BytesIO()
    Image.new("RGB", (32, 32), "green").save(picture, "JPEG")
    photos = [clean_photo(picture.getvalue())]
    yield (
        actions.file_claim(household=household, rule=rules["deed"], by=by, note="做了", photos=photos),
        "deed",
    )
    yield actions.file_claim(household=household, rule=rules["breach"], by=worker, note="看见"), "breach"


def _rename(marker: Marker, claim: Claim, kind: str) -> None:
    """Who may know of a claim depends on what it is about."""
    for text, mark in list(marker.marks.items()):
        if mark.label == "points.Claim" and mark.pk == claim.pk and "(" not in mark.field:
            marker.marks[text] = Mark(text, mark.label, mark.pk, f"{mark.field} ({kind})", mark.belongs)


def _days() -> Iterator[datetime]:
    while True:
        yield FIRST_DAY + timedelta(days=next(_serial) % 700)


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
