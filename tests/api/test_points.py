from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.points.homes import a_class, a_household, a_resident, a_rule, balance, ledger
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.models import Household
from twin.places.models import Building, Community
from twin.points.actions import NewBand, agree_on_bands, award, file_claim, record_breach, redeem
from twin.points.models import Entry, Redemption, Reward, Rule, RuleVersion

OTHERS = [
    RoleKind.WALL, RoleKind.PLANNER, RoleKind.HELPER, RoleKind.DEPARTMENT, RoleKind.AUDITOR, RoleKind.RESIDENT,
]  # fmt: skip

GRIDS = (RoleKind.GRID_WORKER, RoleKind.GRID_HEAD)


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def bands(community: Community) -> None:
    said = (("low", "待提升", -1000), ("start", "起步", 0), ("good", "良好", 15))
    new = [NewBand(code, name, code.title(), "#37d5ff", least) for code, name, least in said]
    agree_on_bands(community=community, bands=new, by=None)


@pytest.fixture
def a_past(household: Household, merit: Rule, ebike: Rule, rice: Reward, bands: None) -> None:
    award(household=household, rule=merit, by=None, points=40, evidence="救起落水儿童")
    record_breach(household=household, rule=ebike, by=None)
    redeem(household=household, reward=rice, by=None)


def send(client: Client, address: str, **said: Any) -> Any:
    return client.post(f"/api/points/{address}", said, content_type="application/json")


def get(client: Client, address: str) -> Any:
    return client.get(f"/api/points/{address}").json()


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


# The panel of a household


def test_who_runs_the_points_sees_balance_band_and_the_last_lines(
    as_: Any, household: Household, a_past: None, clerk: User
) -> None:
    told = get(as_(clerk), f"households/{household.pk}/")
    lines = told.pop("last_entries")
    assert told == {
        "household_id": household.pk, "community_id": household.community_id, "balance": 20,
        "band": {"code": "good", "name": {"zh": "良好", "en": "Good"}, "colour": "#37d5ff", "least": 15},
        "waiting_claims": 0, "waiting_redemptions": 1, "standing": None,
        "may_claim": True, "may_spend": True, "may_decide": True,
    }  # fmt: skip
    assert [(line["kind"], line["points"]) for line in lines] == [
        ("redemption", -15), ("breach", -5), ("award", 40),
    ]  # fmt: skip
    assert lines[0]["reward"] == {"zh": "大米", "en": "Rice"}
    assert lines[2]["evidence"] == "救起落水儿童"
    assert lines[2]["rule"]["code"] == "merit"


def test_field_staff_see_what_speaks_for_a_household(
    as_: Any, household: Household, a_past: None, in_role: Callable[..., User]
) -> None:
    worker = in_role(RoleKind.GRID_WORKER, grid=household.dwelling.building.grid)
    told = get(as_(worker), f"households/{household.pk}/")
    assert (told["balance"], told["band"]["code"]) == (20, "good")
    [line] = told["last_entries"]
    assert (line["points"], line["evidence"], line["auditor"], line["reversed"]) == (40, None, None, None)
    assert (told["may_claim"], told["may_spend"], told["may_decide"]) == (True, False, False)
    assert told["waiting_claims"] is None


def test_the_big_screen_sees_the_band_alone(
    as_: Any, household: Household, a_past: None, in_role: Callable[..., User]
) -> None:
    told = get(as_(in_role(RoleKind.WALL)), f"households/{household.pk}/")
    assert (told["band"]["code"], told["balance"], told["last_entries"]) == ("good", None, [])


@pytest.mark.usefixtures("a_past")
@pytest.mark.parametrize(
    "kind", [RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN, RoleKind.GRID_WORKER, RoleKind.GRID_HEAD]
)
def test_a_window_tells_in_brief_what_the_points_tell_at_length(
    as_: Any, in_role: Callable[..., User], household: Household, kind: str
) -> None:
    place = {"grid": household.dwelling.building.grid} if kind in GRIDS else {}
    viewer = as_(in_role(kind, **place))
    [shown] = viewer.get(f"/api/panoramas/{household.dwelling_id}/").json()["households"]
    at_length = get(viewer, f"households/{household.pk}/")
    assert shown["points"] == {"balance": at_length["balance"], "band": at_length["band"]}
    assert shown["points"]["balance"] == balance(household)
    assert shown["points"]["band"]["code"] == "good"


def test_a_window_tells_the_lowest_band_where_nothing_was_done(
    as_: Any, officer: User, household: Household, bands: None
) -> None:
    [shown] = as_(officer).get(f"/api/panoramas/{household.dwelling_id}/").json()["households"]
    assert (shown["points"]["balance"], shown["points"]["band"]["code"]) == (0, "start")


def test_a_resident_sees_the_own_household_with_all_of_it(
    as_: Any, household: Household, across: Household, merit: Rule, a_past: None, resident: User
) -> None:
    award(household=across, rule=merit, by=None, points=60)
    [told] = get(as_(resident), "households/own/")
    assert [line["points"] for line in told["last_entries"]] == [-15, -5, 40]
    assert told["standing"] == {"month_points": 35, "month_place": 2, "year_points": 35, "year_place": 2}
    assert (told["may_claim"], told["may_spend"], told["may_decide"]) == (True, True, False)
    assert get(as_(resident), f"households/{household.pk}/") == told


def test_a_resident_sees_no_neighbour(
    as_: Any, household: Household, neighbours: Household, a_past: None
) -> None:
    neighbour = a_resident(neighbours, "李四")
    assert as_(neighbour).get(f"/api/points/households/{household.pk}/").status_code == 404
    assert get(as_(neighbour), "households/own/")[0]["last_entries"] == []


@pytest.mark.parametrize("kind", sorted(set(OTHERS) - {RoleKind.WALL}))
def test_others_are_told_nothing(
    as_: Any, household: Household, a_past: None, in_role: Callable[..., User], kind: str
) -> None:
    client = as_(in_role(kind))
    assert client.get(f"/api/points/households/{household.pk}/").status_code == 404
    assert get(client, "households/own/") == []


def test_a_look_of_staff_is_in_the_audit_and_a_residents_own_is_not(
    as_: Any, household: Household, clerk: User, resident: User
) -> None:
    for viewer in (clerk, resident):
        get(as_(viewer), f"households/{household.pk}/")
    assert list(AuditEntry.objects.filter(action="points.view").values_list("by", "subject")) == [
        (clerk.pk, f"people.Household:{household.pk}")
    ]


def test_strangers_are_asked_to_sign_in(client: Client, household: Household) -> None:
    for address in (
        "rules",
        "entries",
        "claims",
        "rewards",
        "redemptions",
        "votes",
        "boards",
        "households/own",
    ):
        assert client.get(f"/api/points/{address}/").status_code == 401


# Rules


def test_rules_are_read_with_what_they_say_now(as_: Any, clean_up: Rule, resident: User) -> None:
    [rule] = get(as_(resident), f"rules/?community={clean_up.community_id}")["results"]
    assert (rule["code"], rule["now"]["least"], rule["now"]["most"], rule["now"]["number"]) == (
        "clean_up",
        2,
        2,
        1,
    )


def test_a_rule_is_published_and_published_again(as_: Any, community: Community, clerk: User) -> None:
    said = {
        "community": community.pk, "code": "litter", "rule_class": a_class(community).pk, "name": "捡拾垃圾",
        "name_en": "Pick up litter", "least": 1, "most": 3,
    }  # fmt: skip
    first = send(as_(clerk), "rules/", **said)
    assert (first.status_code, first.json()["now"]["most"]) == (201, 3)
    again = send(as_(clerk), "rules/", **{**said, "most": 5}).json()
    assert [(v["number"], v["most"]) for v in again["versions"]] == [(2, 5), (1, 3)]
    assert RuleVersion.objects.filter(published_by=clerk).count() == 2
    ended = send(as_(clerk), f"rules/{again['id']}/end/").json()
    assert (ended["ended_at"] is not None, ended["now"]) == (True, None)


def test_terms_that_do_not_fit_are_refused_in_the_language_of_the_reader(
    as_: Any, community: Community, clerk: User
) -> None:
    said = {"community": community.pk, "code": "x", "rule_class": a_class(community).pk, "name": "x"}
    answer = send(as_(clerk), "rules/", **said, least=1, most=5, needs_audit=False)
    assert code_of(answer) == (400, "a_range_and_a_breach_need_an_audit")
    assert answer.json()["error"]["message"] == "只有固定的加分可以免审核。"


def test_an_odd_number_is_no_id_and_breaks_nothing(as_: Any, community: Community, clerk: User) -> None:
    assert as_(clerk).get("/api/points/boards/?community=x").status_code == 400
    assert as_(clerk).get("/api/points/boards/").status_code == 400
    assert as_(clerk).get("/api/points/boards/?community=999999").status_code == 404


# The ledger


def test_points_are_awarded_taken_and_given_back(
    as_: Any, household: Household, clean_up: Rule, ebike: Rule, clerk: User
) -> None:
    client = as_(clerk)
    first = send(client, "entries/award/", household=household.pk, rule=clean_up.pk, evidence="清洁日")
    assert (first.status_code, first.json()["points"], first.json()["auditor"]) == (201, 2, str(clerk))
    taken = send(client, "entries/breach/", household=household.pk, rule=ebike.pk)
    assert (taken.status_code, balance(household)) == (201, -3)
    undone = send(client, f"entries/{taken.json()['id']}/reverse/", reason="认错了人")
    assert (undone.json()["reverses_id"], undone.json()["points"]) == (taken.json()["id"], 5)
    lines = get(client, f"entries/?household={household.pk}")["results"]
    assert [(line["points"], line["reversed"]) for line in lines] == [(5, False), (-5, True), (2, False)]
    again = send(client, f"entries/{taken.json()['id']}/reverse/", reason="再来")
    assert code_of(again) == (409, "already_reversed")


@pytest.mark.parametrize("kind", [*OTHERS, RoleKind.DUTY_OFFICER, RoleKind.GRID_HEAD, RoleKind.GRID_WORKER])
def test_nobody_else_writes_in_the_ledger(
    as_: Any, household: Household, clean_up: Rule, in_role: Callable[..., User], kind: str
) -> None:
    entry = award(household=household, rule=clean_up, by=None)
    client = as_(in_role(kind))
    for address in ("entries/award/", "entries/breach/"):
        assert send(client, address, household=household.pk, rule=clean_up.pk).status_code == 404
    assert send(client, f"entries/{entry.pk}/reverse/", reason="x").status_code == 404
    assert ledger(household) == [2]


def test_entries_are_never_changed_over_http(
    as_: Any, household: Household, clean_up: Rule, clerk: User
) -> None:
    entry = award(household=household, rule=clean_up, by=None)
    client = as_(clerk)
    for method in (client.put, client.patch, client.delete):
        answer = method(f"/api/points/entries/{entry.pk}/", {}, content_type="application/json")
        assert answer.status_code == 405


def test_entries_are_found_by_time_kind_and_rule(
    as_: Any, household: Household, clean_up: Rule, ebike: Rule, clerk: User
) -> None:
    now = timezone.now()
    award(household=household, rule=clean_up, by=None, happened_at=now - timedelta(days=2))
    record_breach(household=household, rule=ebike, by=None)
    client = as_(clerk)
    since = (now - timedelta(days=1)).isoformat().replace("+", "%2B")

    def points(filters: str) -> list[int]:
        return [line["points"] for line in get(client, f"entries/?{filters}")["results"]]

    assert points(f"since={since}") == [-5]
    assert points(f"until={since}") == [2]
    assert points("kind=breach") == [-5]
    assert points(f"rule={clean_up.pk}") == [2]


@pytest.mark.parametrize("moment", ["2048-06-15T15:35:01%2B23:26", "0001-01-01T00:00:00%2B14:00", "soon"])
def test_an_odd_moment_breaks_nothing(as_: Any, clerk: User, moment: str) -> None:
    assert as_(clerk).get(f"/api/points/entries/?until={moment}").status_code in {200, 400}


# The shop


def test_a_resident_redeems_once_however_often_it_is_sent(
    as_: Any, household: Household, rice: Reward, merit: Rule, resident: User
) -> None:
    award(household=household, rule=merit, by=None, points=100)
    said = {"household": household.pk, "quantity": 2, "price": 15, "client_id": str(uuid4())}
    answers = [send(as_(resident), f"rewards/{rice.pk}/redeem/", **said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (balance(household), Redemption.objects.count()) == (70, 1)
    document = answers[0].json()
    assert (document["points"], document["state"], document["called"]) == (30, "waiting", "王**")
    other = send(as_(resident), f"rewards/{rice.pk}/redeem/", **{**said, "quantity": 3})
    assert other.status_code == 409


def test_what_cannot_be_paid_or_costs_something_else_is_refused_by_name(
    as_: Any, household: Household, rice: Reward, resident: User
) -> None:
    def spend(price: int) -> Any:
        said = {"household": household.pk, "price": price, "client_id": str(uuid4())}
        return send(as_(resident), f"rewards/{rice.pk}/redeem/", **said)

    assert code_of(spend(15)) == (409, "not_enough_points")
    assert code_of(spend(14)) == (409, "price_changed")


def test_a_resident_spends_nothing_of_a_neighbour(
    as_: Any, household: Household, neighbours: Household, rice: Reward, merit: Rule, resident: User
) -> None:
    award(household=neighbours, rule=merit, by=None, points=100)
    said = {"household": neighbours.pk, "price": 15, "client_id": str(uuid4())}
    assert send(as_(resident), f"rewards/{rice.pk}/redeem/", **said).status_code == 404
    assert balance(neighbours) == 100


def test_the_counter_hands_over_and_a_resident_may_cancel_before(
    as_: Any, household: Household, rice: Reward, merit: Rule, resident: User, clerk: User
) -> None:
    award(household=household, rule=merit, by=None, points=100)
    first, second = (redeem(household=household, reward=rice, by=resident) for _ in range(2))
    cancelled = send(as_(resident), f"redemptions/{first.pk}/cancel/")
    assert (cancelled.json()["state"], balance(household)) == ("cancelled", 85)
    assert send(as_(resident), f"redemptions/{second.pk}/hand_over/").status_code == 404
    waiting = get(as_(clerk), "redemptions/?waiting=true")["results"]
    assert [row["id"] for row in waiting] == [second.pk]
    done = send(as_(clerk), f"redemptions/{second.pk}/hand_over/")
    assert done.json()["state"] == "handed_over"
    assert code_of(send(as_(resident), f"redemptions/{second.pk}/cancel/")) == (409, "already_done")


def test_the_shop_is_kept_over_http(as_: Any, community: Community, clerk: User) -> None:
    client = as_(clerk)
    added = send(client, "rewards/", community=community.pk, code="oil", name="菜籽油", price=40, stock=3)
    reward = added.json()["id"]
    assert (added.status_code, added.json()["stock"]) == (201, 3)
    assert send(client, f"rewards/{reward}/restock/", quantity=5).json()["stock"] == 8
    assert code_of(send(client, f"rewards/{reward}/restock/", quantity=-9)) == (409, "out_of_stock")
    changed = client.patch(f"/api/points/rewards/{reward}/", {"price": 38}, content_type="application/json")
    assert changed.json()["price"] == 38
    assert send(client, f"rewards/{reward}/end/").status_code == 204
    assert get(client, "rewards/")["results"] == []


# Boards


def test_a_board_says_masked_names_and_leads_to_homes_only_for_who_may_see_them(
    as_: Any, household: Household, neighbours: Household, merit: Rule, resident: User, clerk: User
) -> None:
    a_resident(neighbours, "欧阳娜娜")
    award(household=household, rule=merit, by=None, points=10)
    award(household=neighbours, rule=merit, by=None, points=30)
    address = f"boards/?community={household.community_id}"
    own = get(as_(resident), address)["lines"]
    assert [(line["place"], line["called"], line["points"], line["own"]) for line in own] == [
        (1, "欧阳**", 30, False),
        (2, "王**", 10, True),
    ]
    assert [line["household_id"] for line in own] == [None, household.pk]
    of_clerk = get(as_(clerk), f"{address}&period=year")["lines"]
    assert [line["dwelling_id"] for line in of_clerk] == [neighbours.dwelling_id, household.dwelling_id]


def test_a_board_of_another_month_can_be_asked_for(
    as_: Any, household: Household, merit: Rule, clerk: User
) -> None:
    award(
        household=household, rule=merit, by=None, points=10, happened_at=timezone.now() - timedelta(days=62)
    )
    at = (timezone.now() - timedelta(days=62)).isoformat().replace("+", "%2B")
    address = f"boards/?community={household.community_id}"
    assert get(as_(clerk), address)["lines"] == []
    assert len(get(as_(clerk), f"{address}&at={at}")["lines"]) == 1


@pytest.mark.parametrize("kind", [RoleKind.PLANNER, RoleKind.RESIDENT])
def test_boards_are_for_members_of_the_community(
    as_: Any, community: Community, in_role: Callable[..., User], stranger: User, kind: str
) -> None:
    address = f"/api/points/boards/?community={community.pk}"
    assert as_(in_role(kind)).get(address).status_code == 200
    assert as_(stranger).get(address).status_code == 404


# Lists ask the database as often for many rows as for one


@pytest.mark.parametrize(
    "address", ["entries/", "claims/", "redemptions/", "rules/", "boards/?community={c}"]
)
def test_a_list_asks_as_often_for_many_as_for_few(
    as_: Any, west_building: Building, merit: Rule, rice: Reward, clerk: User, address: str
) -> None:
    client = as_(clerk)
    asked = address.format(c=west_building.community_id)

    def fill(rooms: range) -> None:
        for room in rooms:
            home = a_household(west_building, f"10{room}")
            by = a_resident(home, f"居民{room}")
            a_rule(home.community, f"rule{room}")
            award(household=home, rule=merit, by=None, points=100)
            file_claim(household=home, rule=merit, by=by)
            redeem(household=home, reward=rice, by=by)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            get(client, asked)
        return len(asked_for)

    fill(range(1, 3))
    few = queries()
    fill(range(3, 7))
    assert queries() == few <= 14


def test_a_summary_is_counted(as_: Any, household: Household, a_past: None, clerk: User) -> None:
    client = as_(clerk)
    with CaptureQueriesContext(connection) as asked:
        get(client, f"households/{household.pk}/")
    assert len(asked) <= 24
    assert Entry.objects.count() == 3
