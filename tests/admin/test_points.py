"""Points in the back office: every save is a verb, what is refused is said on the form, what was written stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import box
from tests.points.homes import a_class, a_household, a_resident, a_rule, balance, ledger
from tests.points.test_claims import a_photo
from tests.points.test_votes import HOUR, a_vote, let_it
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.models import Household
from twin.places.actions import found_community
from twin.places.models import Building, Community
from twin.points.actions import add_reward, award, file_claim, redeem, reverse_entry
from twin.points.models import Claim, Entry, FamilyVote, Redemption, Reward, Rule, RuleVersion, Scheme

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(in_role: Callable[..., User], client: Client) -> Client:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


@pytest.fixture
def household(west_building: Building) -> Household:
    return a_household(west_building)


@pytest.fixture
def resident(household: Household) -> User:
    return a_resident(household)


@pytest.fixture
def clean_up(community: Community) -> Rule:
    return a_rule(community)


@pytest.fixture
def soap(community: Community) -> Reward:
    return add_reward(community=community, code="soap", name="肥皂", price=2, stock=5, by=None)


def page(model: str, kind: str, *args: Any) -> str:
    return reverse(f"admin:points_{model}_{kind}", args=args)


def saved(answer: Any) -> bool:
    if answer.status_code == 200:
        pytest.fail(str(answer.context["adminform"].form.errors))
    return bool(answer.status_code == 302)


def errors(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.context["adminform"].form.errors)


def split(moment: Any) -> dict[str, str]:
    moment = moment.astimezone(SHANGHAI)  # a clerk types the time of the community
    return {"0": f"{moment:%Y-%m-%d}", "1": f"{moment:%H:%M:%S}"}


def times(**moments: Any) -> dict[str, str]:
    return {
        f"{name}_{part}": text for name, moment in moments.items() for part, text in split(moment).items()
    }


# Rules


def rule_form(community: Community, **said: Any) -> dict[str, Any]:
    known = {
        "community": community.pk, "code": "litter", "kind": a_class(community).pk, "name": "捡拾垃圾", "name_en": "",
        "description": "", "least": 1, "most": 3, "needs_audit": "on", "cap_times": "", "cap_points": "",
        "cap_period": "", "valid_from_0": "", "valid_from_1": "",
    }  # fmt: skip
    return {**known, **said}


def test_a_rule_is_published_and_changing_it_publishes_the_next_version(
    office: Client, community: Community
) -> None:
    assert saved(office.post(page("ruleversion", "add"), rule_form(community)))
    first = RuleVersion.objects.get()
    assert (first.rule.code, first.number, first.most, str(first.published_by)) == (
        "litter",
        1,
        3,
        "平台管理员",
    )
    change = page("ruleversion", "change", first.pk)
    assert office.get(change).status_code == 200
    assert saved(office.post(change, rule_form(community, most=5)))
    assert list(RuleVersion.objects.order_by("number").values_list("number", "most")) == [(1, 3), (2, 5)]


def test_what_does_not_fit_together_is_said_on_the_form(office: Client, community: Community) -> None:
    refused = office.post(page("ruleversion", "add"), rule_form(community, least=5, most=1))
    assert "最低值不大于最高值" in errors(refused)
    assert not RuleVersion.objects.exists()


def test_a_rule_is_ended(office: Client, clean_up: Rule) -> None:
    version = clean_up.versions.get()
    office.post(page("ruleversion", "changelist"), {"action": "end", "_selected_action": [version.pk]})
    clean_up.refresh_from_db()
    assert clean_up.ended_at is not None


def test_the_scheme_is_agreed_on(office: Client, community: Community) -> None:
    form = {"community": community.pk, "month_board": 5, "year_board": 30, "claim_days": 14, "photo_days": 90}
    assert saved(office.post(page("scheme", "add"), form))
    scheme = Scheme.objects.get()
    assert (scheme.month_board, scheme.claim_days) == (5, 14)
    assert "月榜" in errors(office.post(page("scheme", "change", scheme.pk), {**form, "month_board": 0}))


# The ledger


def entry_form(household: Household, rule: Rule, evidence: str = "") -> dict[str, Any]:
    now = {"happened_at_0": "", "happened_at_1": ""}
    return {"household": household.pk, "rule": rule.pk, "points": "", "evidence": evidence, **now}


def test_an_entry_is_written_and_reversed(office: Client, household: Household, clean_up: Rule) -> None:
    form = entry_form(household, clean_up, evidence="清洁日")
    assert saved(office.post(page("entry", "add"), form))
    entry = Entry.objects.get()
    assert (entry.points, entry.evidence, str(entry.auditor)) == (2, "清洁日", "平台管理员")
    change = page("entry", "change", entry.pk)
    assert "reason" in errors(office.post(change, {"reason": ""}))
    assert saved(office.post(change, {"reason": "记错"}))
    assert ledger(household) == [2, -2]
    assert office.post(change, {"reason": "再来"}).status_code == 403
    assert office.get(change).status_code == 200


def test_a_breach_takes_points_on_the_same_page(office: Client, household: Household) -> None:
    rule = a_rule(household.community, "ebike", -5)
    assert saved(office.post(page("entry", "add"), entry_form(household, rule)))
    assert balance(household) == -5


def test_a_cap_is_said_on_the_form(office: Client, household: Household) -> None:
    rule = a_rule(household.community, "once", 1, cap_times=1, cap_period="year")
    award(household=household, rule=rule, by=None)
    form = entry_form(household, rule)
    assert "本周期内已达上限" in errors(office.post(page("entry", "add"), form))
    assert ledger(household) == [1]


# Claims


@pytest.fixture
def claim(household: Household, clean_up: Rule, resident: User) -> Claim:
    return file_claim(household=household, rule=clean_up, by=resident, note="扫楼道", photos=[a_photo()])


def test_a_claim_is_looked_at_and_accepted(office: Client, claim: Claim, household: Household) -> None:
    change = page("claim", "change", claim.pk)
    shown = office.get(change).content.decode()
    assert f"/api/points/photos/{claim.photos.get().pk}/" in shown
    assert "王**" in shown
    assert saved(office.post(change, {"accept": "1", "points": "", "reason": ""}))
    assert ledger(household) == [2]
    assert office.post(change, {"accept": "1", "points": "", "reason": ""}).status_code == 403


def test_a_claim_is_refused_with_a_reason(office: Client, claim: Claim, household: Household) -> None:
    change = page("claim", "change", claim.pk)
    assert "reason" in errors(office.post(change, {"accept": "", "points": "", "reason": ""}))
    assert saved(office.post(change, {"accept": "", "points": "", "reason": "看不清"}))
    claim.refresh_from_db()
    assert (claim.state, claim.reason, ledger(household)) == ("refused", "看不清", [])


# The shop and votes


def test_the_shelf_is_filled_and_prices_change(office: Client, community: Community) -> None:
    form = {
        "community": community.pk,
        "code": "oil",
        "name": "油",
        "name_en": "Oil",
        "price": 40,
        "stock": 3,
        "more": "",
    }
    assert saved(office.post(page("reward", "add"), form))
    oil = Reward.objects.get()
    change = page("reward", "change", oil.pk)
    assert saved(office.post(change, {"name": "菜籽油", "name_en": "Oil", "price": 38, "more": 7}))
    oil.refresh_from_db()
    assert (oil.name, oil.price, oil.stock) == ("菜籽油", 38, 10)
    assert "仅剩 10 件" in errors(
        office.post(change, {"name": "油", "name_en": "", "price": 38, "more": -11})
    )


def test_what_was_redeemed_is_handed_over_or_cancelled(
    office: Client, household: Household, clean_up: Rule, soap: Reward
) -> None:
    for _ in range(2):
        award(household=household, rule=clean_up, by=None)
    first, second = (redeem(household=household, reward=soap, by=None) for _ in range(2))
    listing = page("redemption", "changelist")
    office.post(listing, {"action": "hand_over", "_selected_action": [first.pk]})
    office.post(listing, {"action": "cancel", "_selected_action": [second.pk]})
    assert [bool(r.handed_over_at) for r in Redemption.objects.order_by("pk")] == [True, False]
    assert (balance(household), Reward.objects.get().stock) == (2, 4)
    refused = office.post(
        listing, {"action": "cancel", "_selected_action": [first.pk, second.pk]}, follow=True
    )
    assert "已领取或已取消" in refused.content.decode()


def test_a_vote_is_announced_and_counted(office: Client, community: Community, household: Household) -> None:
    now = timezone.now()
    moments = times(
        opens_at=now + HOUR, closes_at=now + 2 * HOUR, counts_from=now - timedelta(days=300), counts_until=now
    )
    form = {"community": community.pk, "title": "文明家庭", "vote_weight": 50, "choices": 3, "places": 10}
    assert saved(office.post(page("familyvote", "add"), {**form, **moments}))
    vote = FamilyVote.objects.get()
    family = {"vote": vote.pk, "household": household.pk, "story": "照看独居邻居三年"}
    assert saved(office.post(page("candidate", "add"), family))
    assert "照看独居邻居三年" in office.get(page("candidate", "changelist")).content.decode()
    let_it(vote, opens_at=-2 * HOUR, closes_at=-HOUR)
    office.post(page("familyvote", "changelist"), {"action": "count", "_selected_action": [vote.pk]})
    vote.refresh_from_db()
    assert vote.closed_at is not None
    late = office.post(page("candidate", "add"), family)
    assert late.status_code == 200  # the vote is no longer offered
    assert vote.candidates.count() == 1


# Who may


PAGES = [
    "scheme",
    "band",
    "ruleclass",
    "ruleversion",
    "entry",
    "claim",
    "reward",
    "redemption",
    "familyvote",
    "candidate",
]


@pytest.fixture
def one_of_each(household: Household, clean_up: Rule, soap: Reward, claim: Claim) -> None:
    award(household=household, rule=clean_up, by=None)
    redeem(household=household, reward=soap, by=None)
    a_vote(household.community)


@pytest.mark.parametrize("model", PAGES)
def test_the_auditor_reads_and_changes_nothing(
    model: str, one_of_each: None, in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(RoleKind.AUDITOR))
    assert client.get(page(model, "changelist")).status_code == 200
    assert client.get(page(model, "add")).status_code == 403


def test_the_auditor_decides_nothing(
    claim: Claim, household: Household, clean_up: Rule, in_role: Callable[..., User], client: Client
) -> None:
    entry = award(household=household, rule=clean_up, by=None)
    client.force_login(in_role(RoleKind.AUDITOR))
    for address in (page("claim", "change", claim.pk), page("entry", "change", entry.pk)):
        assert client.get(address).status_code == 200
        assert client.post(address, {"accept": "1", "reason": "x"}).status_code == 403
    assert ledger(household) == [2]


def test_a_clerk_who_lives_there_is_told_that_somebody_else_decides(
    client: Client, claim: Claim, resident: User
) -> None:
    grant_role(user=resident, kind=RoleKind.COMMUNITY_ADMIN, community=claim.community)
    client.force_login(resident)
    refused = client.post(page("claim", "change", claim.pk), {"accept": "1", "points": "", "reason": ""})
    assert "须由他人办理" in errors(refused)


def test_a_reversed_entry_and_its_reversal_can_be_read(
    office: Client, household: Household, clean_up: Rule
) -> None:
    entry = award(household=household, rule=clean_up, by=None)
    reversal = reverse_entry(entry=entry, by=None, reason="错")
    for row in (entry, reversal):
        assert office.get(page("entry", "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", ["claim", "entry", "redemption"])
def test_the_history_of_what_is_called_by_its_number_opens_only_for_who_may_open_its_page(
    model: str, one_of_each: None, in_role: Callable[..., User], someone: Callable[..., User], client: Client
) -> None:
    row = {"claim": Claim, "entry": Entry, "redemption": Redemption}[model].objects.latest("pk")
    elsewhere = someone("外人")
    there = found_community(name="乙社区", boundary=box(122.620, 31.050, 122.621, 31.051))
    grant_role(user=elsewhere, kind=RoleKind.COMMUNITY_ADMIN, community=there)
    answers = []
    for user in (in_role(RoleKind.AUDITOR), elsewhere):
        client.force_login(user)
        answers.append(client.get(page(model, "history", row.pk)).status_code)
    assert answers == [200, 302]
