"""What a rule says about a deed: which version was in force, how many points it gives, and whether it still counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from twin.base.errors import Conflict, Invalid
from twin.people.models import Household, Person
from twin.points.models import Claim, Entry, Rule, RuleVersion
from twin.points.periods import bounds

CLOCKS_DIFFER = timedelta(minutes=5)
"""A phone that is a little ahead does not claim what has not been done."""


def moment_of_deed(happened_at: datetime | None) -> datetime:
    """When it was done; now unless it is said. Raises Invalid for the future."""
    now = timezone.now()
    if happened_at is None:
        return now
    if happened_at > now + CLOCKS_DIFFER:
        raise Invalid("This has not been done yet.", where="happened_at", code="not_yet")
    return min(happened_at, now)


def version_at(rule: Rule, moment: datetime) -> RuleVersion:
    """What the rule said at that moment. Raises Invalid if it was not in force."""
    version: RuleVersion | None = RuleVersion.objects.at(moment).filter(rule=rule).first()
    if version is None:
        raise Invalid("This rule was not in force then.", where="rule", code="rule_not_in_force")
    return version


def points_under(version: RuleVersion, points: int | None) -> int:
    """The points of a deed: those of the rule, or those that somebody decided on within its range. Raises Invalid."""
    if points is None and version.fixed is not None:
        return version.fixed
    if points is None:
        raise Invalid(
            "Say how many points: %(least)s to %(most)s.",
            least=version.least,
            most=version.most,
            where="points",
            code="points_needed",
        )
    if not version.least <= points <= version.most:
        raise Invalid(
            "This rule gives %(least)s to %(most)s points, not %(points)s.",
            least=version.least,
            most=version.most,
            points=points,
            where="points",
            code="points_out_of_range",
        )
    return points


def check_cap(
    household: Household, version: RuleVersion, moment: datetime, points: int, waiting: int = 0
) -> None:
    """Raises Conflict if one more deed of so many points is more than counts in its period. `waiting` claims count too.

    The account is held, so that nobody else adds one meanwhile.
    """
    if not version.cap_period:
        return
    begin, end = bounds(version.cap_period, moment, household.community.time_zone)
    deeds = (
        Entry.objects.standing()
        .between(begin, end)
        .filter(household=household, version__rule=version.rule_id)
    )
    known = deeds.aggregate(times=Count("id"), points=Coalesce(Sum("points"), 0))
    too_often = version.cap_times is not None and known["times"] + waiting + 1 > version.cap_times
    too_much = version.cap_points is not None and abs(known["points"] + points) > version.cap_points
    if too_often or too_much:
        raise Conflict("This counts no more in this period.", where="rule", code="cap_reached")


def waiting_claims(household: Household, version: RuleVersion, moment: datetime) -> int:
    """Claims on the same rule in the same period that nobody has decided yet."""
    if not version.cap_period:
        return 0
    begin, end = bounds(version.cap_period, moment, household.community.time_zone)
    claims = Claim.objects.waiting().filter(household=household, version__rule=version.rule_id)
    return int(claims.filter(happened_at__gte=begin, happened_at__lt=end).count())


def check_fits(household: Household, rule: Rule, person: Person | None) -> None:
    """Raises Invalid for a rule or a person of another community."""
    if rule.community_id != household.community_id:
        raise Invalid("There is no such rule in this community.", where="rule")
    if person is not None and person.community_id != household.community_id:
        raise Invalid("There is no such person in this community.", where="person")


def short(text: str, *, where: str, most: int = 400, needed: bool = False) -> str:
    """A text that people write, tidied. Raises Invalid for one that is too long, or missing where it is needed."""
    tidy = " ".join(text.replace("\x00", "").split())
    if len(tidy) > most:
        raise Invalid("At most %(most)s characters.", most=most, where=where, code="too_long")
    if needed and not tidy:
        raise Invalid("Say why.", where=where, code="reason_needed")
    return tidy
