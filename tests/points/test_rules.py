from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.conftest import box
from tests.points.homes import LONG_AGO, MAY, a_class, a_rule
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import Event
from twin.people.models import Household
from twin.places.actions import found_community
from twin.places.models import Community
from twin.points.actions import award, end_rule, publish_rule, publish_starter_rules
from twin.points.events import RulePublished
from twin.points.models import Band, Entry, Reward, Rule, RuleClass, RuleVersion
from twin.points.starter_rules import BASE, CLASSES, SETS, starter_rules


def next_version(rule: Rule, points: int, **terms: Any) -> RuleVersion:
    known = {"name": rule.code, "by": None, **terms}
    return publish_rule(
        community=rule.community,
        code=rule.code,
        kind=a_class(rule.community),
        least=points,
        most=points,
        **known,
    )


def test_a_rule_is_published_version_by_version(clean_up: Rule, told: list[Event]) -> None:
    second = next_version(clean_up, 3)
    assert (second.rule, second.number) == (clean_up, 2)
    assert told == [
        RulePublished(community_id=clean_up.community_id, rule_id=clean_up.pk, version_id=second.pk)
    ]


def test_a_deed_counts_by_what_the_rule_said_when_it_was_done(clean_up: Rule, household: Household) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    next_version(clean_up, 7)
    assert award(household=household, rule=clean_up, by=None, happened_at=yesterday).points == 2
    assert award(household=household, rule=clean_up, by=None).points == 7


def test_a_version_that_begins_later_does_not_count_yet(clean_up: Rule, household: Household) -> None:
    next_version(clean_up, 9, valid_from=timezone.now() + timedelta(days=1))
    assert award(household=household, rule=clean_up, by=None).points == 2


def test_a_later_version_cannot_begin_in_the_past(clean_up: Rule) -> None:
    with pytest.raises(Invalid) as refusal:
        next_version(clean_up, 3, valid_from=MAY - timedelta(days=400))
    assert (refusal.value.code, refusal.value.where) == ("begins_in_the_past", "valid_from")


def test_versions_begin_one_after_the_other(clean_up: Rule) -> None:
    next_version(clean_up, 3, valid_from=timezone.now() + timedelta(days=2))
    with pytest.raises(Conflict) as refusal:
        next_version(clean_up, 4, valid_from=timezone.now() + timedelta(days=1))
    assert refusal.value.code == "begins_before_the_last"


@pytest.mark.parametrize(
    ("terms", "constraint"),
    [
        ({"least": 5, "most": 3}, "rule_points_are_all_plus_or_all_minus"),
        ({"least": -1, "most": 1}, "rule_points_are_all_plus_or_all_minus"),
        ({"least": 0, "most": 0}, "rule_points_are_all_plus_or_all_minus"),
        ({"least": 1, "most": 5, "needs_audit": False}, "a_range_and_a_breach_need_an_audit"),
        ({"least": -2, "most": -2, "needs_audit": False}, "a_range_and_a_breach_need_an_audit"),
        ({"least": 2, "most": 2, "cap_times": 3}, "a_cap_has_a_period"),
        ({"least": 2, "most": 2, "cap_period": "month"}, "a_cap_has_a_period"),
        ({"least": 2, "most": 2, "cap_period": "month", "cap_times": 0}, "a_cap_has_a_period"),
        ({"least": 5, "most": 5, "cap_period": "month", "cap_points": 3}, "a_cap_lets_one_deed_count"),
    ],
)
def test_terms_that_do_not_fit_together_are_refused_by_name(
    community: Community, terms: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        publish_rule(community=community, code="odd", kind=a_class(community), name="odd", by=None, **terms)
    assert refusal.value.code == constraint
    assert "Constraint" not in refusal.value.message


def test_a_rule_that_has_ended_gives_points_for_what_was_done_before(
    clean_up: Rule, household: Household
) -> None:
    before = timezone.now()
    end_rule(rule=clean_up, by=None)
    assert award(household=household, rule=clean_up, by=None, happened_at=before).points == 2
    with pytest.raises(Invalid) as refusal:
        award(household=household, rule=clean_up, by=None)
    assert refusal.value.code == "rule_not_in_force"
    with pytest.raises(Conflict):
        end_rule(rule=clean_up, by=None)


def test_after_its_end_a_code_may_be_used_for_another_rule(clean_up: Rule) -> None:
    end_rule(rule=clean_up, by=None)
    again = a_rule(clean_up.community, "clean_up", 4)
    assert again.pk != clean_up.pk
    assert again.versions.get().number == 1


def test_a_class_of_another_community_is_no_class_here(community: Community) -> None:
    other = found_community(name="别的社区", boundary=box(121, 31, 121.01, 31.01))
    with pytest.raises(Invalid):
        publish_rule(community=community, code="x", kind=a_class(other), name="x", least=1, most=1, by=None)


@pytest.mark.parametrize("role", sorted(set(RoleKind) - {RoleKind.COMMUNITY_ADMIN, RoleKind.STAIRWELL_HEAD}))
def test_only_who_runs_the_points_publishes_rules(community: Community, in_role: Any, role: str) -> None:
    with pytest.raises(NotVisible):
        publish_rule(
            community=community,
            code="x",
            kind=a_class(community),
            name="x",
            least=1,
            most=1,
            by=in_role(role),
        )


@pytest.mark.parametrize(
    "change", ["UPDATE points_ruleversion SET most = 9, least = 9", "DELETE FROM points_ruleversion"]
)
def test_the_database_rewrites_no_rule(clean_up: Rule, change: str) -> None:
    with pytest.raises(IntegrityError, match="can only be added to"), transaction.atomic():
        connection.cursor().execute(change)


def test_a_starter_set_has_over_eighty_rules_plus_and_minus() -> None:
    points = [rule.points if isinstance(rule.points, int) else rule.points[0] for rule in BASE]
    assert len(BASE) >= 80
    assert len({rule.code for rule in BASE}) == len(BASE)
    assert sum(given < 0 for given in points) >= 15
    assert {rule.kind for rule in BASE} == {code for code, _, _ in CLASSES}
    assert all(rule.name and rule.name_en for rule in BASE)
    assert all(code in {rule.code for rule in BASE} for other in SETS.values() for code in other)


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", sorted(SETS))
def test_each_starter_set_can_be_published_as_it_stands(community: Community, chosen: str) -> None:
    rules = publish_starter_rules(community=community, chosen=chosen)
    assert len(rules) == len(starter_rules(chosen))
    assert RuleClass.objects.count() == len(CLASSES)
    assert Reward.objects.get(code="rapeseed_oil").price == 40
    assert Band.objects.in_force().count() == 5


def test_the_same_act_is_worth_two_here_and_five_there(community: Community) -> None:
    other = found_community(name="老城社区", boundary=box(121, 31, 121.01, 31.01))
    publish_starter_rules(community=community, chosen="towers")
    publish_starter_rules(community=other, chosen="old_lanes")
    worth = dict(
        RuleVersion.objects.filter(rule__code="volunteer_act").values_list("community__name", "most")
    )
    assert worth == {community.name: 2, "老城社区": 5}


def test_publishing_a_starter_set_again_changes_nothing(community: Community) -> None:
    publish_starter_rules(community=community, valid_from=LONG_AGO)
    rule = Rule.objects.get(code="volunteer_act")
    next_version(rule, 3)
    assert publish_starter_rules(community=community) == []
    assert rule.versions.count() == 2
    assert Band.objects.count() == 5


def test_a_set_that_there_is_not_is_refused_by_name(community: Community) -> None:
    with pytest.raises(Invalid, match="towers"):
        publish_starter_rules(community=community, chosen="villas")


def test_the_command_gives_a_community_its_rules(community: Community, capsys: Any) -> None:
    call_command("start_points", community.name, "--set", "old_lanes")
    assert f"{len(BASE)} rules published" in capsys.readouterr().out
    assert not Entry.objects.exists()


def test_rules_are_published_by_somebody(community: Community, clerk: User) -> None:
    publish_rule(community=community, code="x", kind=a_class(community), name="x", least=1, most=1, by=clerk)
    assert RuleVersion.objects.get().published_by == clerk
