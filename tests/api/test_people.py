from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people.conftest import AddPerson, Settle
from tests.people.identities import a_number
from twin.access.models import AuditEntry
from twin.access.roles import OPENS, RoleKind
from twin.accounts.models import User
from twin.people.actions import (
    NewCarePair,
    NewContact,
    NewHousehold,
    NewOrganisation,
    add_emergency_contacts,
    add_household,
    add_households,
    add_organisations,
    end_tagging,
    give_tag,
    move_household,
    share_space,
    start_care_pairs,
)
from twin.people.models import Household, Person, Tag
from twin.places.models import Community, Dwelling, Grid

InRole = Callable[..., User]
Tags = dict[str, Tag]
NUMBER = a_number(date(1938, 4, 12), serial=24)


@pytest.fixture
def grandmother(
    community: Community, person: AddPerson, settle: Settle, flat: Dwelling, household: Household
) -> Person:
    """Head of the household in 1-501; lives and is registered there; has a daughter to call."""
    someone = person("欧阳小梅", identity=NUMBER, phone="13800001234")
    settle(someone, flat, household_id=household.pk, role="head", tenure="own")
    settle(someone, flat, household_id=household.pk, role="head", basis="registered")
    contact = NewContact(someone.pk, "李小兰", "13900005678", "女儿")
    add_emergency_contacts(community=community, contacts=[contact])
    return someone


@pytest.fixture
def signed_in(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def panorama(client: Client, dwelling: Dwelling) -> Any:
    answer = client.get(f"/api/panoramas/{dwelling.pk}/")
    assert answer.status_code == 200, answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


def test_a_window_tells_the_story_of_its_household(
    signed_in: Client,
    community: Community,
    grandmother: Person,
    flat: Dwelling,
    household: Household,
    tags: Tags,
) -> None:
    give_tag(tag=tags["elder_alone"], subject=grandmother, reason="子女在外地", source="楼组长走访")
    told = panorama(signed_in, flat)
    assert told["counts"] == {"registered": 1, "actual": 1, "households": 1}
    [home] = told["households"]
    assert (home["id"], home["called"]) == (household.pk, "欧阳**")
    [member] = home["members"]
    assert {k: member[k] for k in ("name", "sex", "phone", "identity", "state", "role", "tenure")} == {
        "name": "欧阳**",
        "sex": "female",
        "phone": "138****1234",
        "identity": f"9{'*' * 16}{NUMBER[-1]}",
        "state": "together",
        "role": "head",
        "tenure": "own",
    }
    assert member["age"] >= 88
    assert member["contacts"][0] | {"id": 0} == {
        "id": 0,
        "name": "李**",
        "relation": "女儿",
        "phone": "139****5678",
    }
    [tag] = member["tags"]
    assert (tag["code"], tag["level"], tag["reason"]) == ("elder_alone", 3, "子女在外地")


def test_nothing_of_it_is_whole(
    signed_in: Client, grandmother: Person, flat: Dwelling, household: Household
) -> None:
    for address in (
        f"panoramas/{flat.pk}",
        f"households/{household.pk}",
        f"people/{grandmother.pk}",
    ):
        text = signed_in.get(f"/api/{address}/").content.decode()
        for secret in ("小梅", "小兰", NUMBER, "13800001234", "13900005678", "1938"):
            assert secret not in text, address


def test_a_tag_that_has_run_out_is_not_told_but_remembered(
    signed_in: Client, grandmother: Person, flat: Dwelling, tags: Tags
) -> None:
    now = timezone.now()
    give_tag(
        tag=tags["visiting"],
        subject=grandmother,
        since=now - timedelta(days=9),
        until=now - timedelta(days=2),
    )
    end_tagging(tagging=give_tag(tag=tags["volunteer"], subject=grandmother), why="不做了")
    [member] = panorama(signed_in, flat)["households"][0]["members"]
    assert member["tags"] == []
    past = signed_in.get(f"/api/people/{grandmother.pk}/").json()["past_tags"]
    assert [tag["code"] for tag in past] == ["volunteer", "visiting"]


def test_a_household_that_moved_is_in_its_new_window_and_in_the_history_of_the_old_one(
    signed_in: Client, grandmother: Person, flat: Dwelling, east_flat: Dwelling, household: Household
) -> None:
    move_household(household=household, to=east_flat)
    old, new = panorama(signed_in, flat), panorama(signed_in, east_flat)
    assert old["households"] == []
    assert [(row["name"], row["basis"]) for row in old["history"]] == [("欧阳**", "actual")]
    assert [(row["name"], row["state"]) for row in old["others"]] == [("欧阳**", "registered_here")]
    [member] = new["households"][0]["members"]
    assert (member["state"], [home["basis"] for home in member["elsewhere"]]) == (
        "lives_here",
        ["registered"],
    )


def test_a_person_with_two_homes_is_in_both_and_each_names_the_other(
    signed_in: Client, grandmother: Person, settle: Settle, flat: Dwelling, east_flat: Dwelling
) -> None:
    settle(grandmother, east_flat, tenure="lent")
    [here] = panorama(signed_in, flat)["households"][0]["members"]
    [there] = panorama(signed_in, east_flat)["others"]
    assert {home["dwelling_id"] for home in here["elsewhere"]} == {east_flat.pk}
    assert {home["dwelling_id"] for home in there["elsewhere"]} == {flat.pk}
    assert there["state"] == "lives_here"


def test_but_a_worker_is_not_told_of_a_home_in_another_grid(
    client: Client,
    in_role: InRole,
    west: Grid,
    grandmother: Person,
    settle: Settle,
    flat: Dwelling,
    east_flat: Dwelling,
) -> None:
    settle(grandmother, east_flat)
    client.force_login(in_role(RoleKind.GRID_WORKER, grid=west))
    [here] = panorama(client, flat)["households"][0]["members"]
    assert here["elsewhere"] == []
    assert panorama(client, east_flat)["others"] == []


def test_three_households_share_a_flat_and_a_kitchen(
    signed_in: Client,
    community: Community,
    person: AddPerson,
    settle: Settle,
    flat: Dwelling,
    other_flat: Dwelling,
) -> None:
    ids = add_households(community=community, households=[NewHousehold(flat.pk, kind="sharers")] * 3)
    for n, household_id in enumerate(ids):
        settle(person(f"{'赵钱孙'[n]}某"), flat, household_id=household_id, role="head", tenure="rent")
    share_space(space=other_flat, households=list(Household.objects.filter(pk__in=ids)))
    told = panorama(signed_in, flat)
    assert [(h["number"], h["called"], len(h["members"])) for h in told["households"]] == [
        ("1", "赵**", 1),
        ("2", "钱**", 1),
        ("3", "孙**", 1),
    ]
    assert [h["shares"] for h in told["households"]] == [
        [{"dwelling_id": other_flat.pk, "room": "301", "households": 3}]
    ] * 3
    kitchen = panorama(signed_in, other_flat)
    assert kitchen["households"] == []
    assert [row["number"] for row in kitchen["shared_by"]] == ["1", "2", "3"]


def test_a_window_tells_its_shops_carers_devices_and_alarms(
    signed_in: Client,
    community: Community,
    grandmother: Person,
    person: AddPerson,
    settle: Settle,
    flat: Dwelling,
    other_flat: Dwelling,
) -> None:
    shop = NewOrganisation(flat, "海棠理发店", "shop", contact_name="周师傅", phone="13700004321")
    add_organisations(community=community, organisations=[shop])
    neighbour = person("吴好人")
    settle(neighbour, other_flat)
    start_care_pairs(community=community, pairs=[NewCarePair(neighbour.pk, grandmother.pk)])
    told = panorama(signed_in, flat)
    [organisation] = told["organisations"]
    assert (organisation["name"], organisation["contact_name"], organisation["phone"]) == (
        "海棠理发店",
        "周**",
        "137****4321",
    )
    [pair] = told["care_pairs"]
    assert (pair["helper"]["name"], pair["cared_for"]["name"]) == ("吴**", "欧阳**")


def test_l5_is_told_as_extra_care_only(
    signed_in: Client, client: Client, in_role: InRole, grandmother: Person, flat: Dwelling, tags: Tags
) -> None:
    give_tag(tag=tags["X1"], subject=grandmother, reason="不可说")
    answer = signed_in.get(f"/api/panoramas/{flat.pk}/")
    [member] = answer.json()["households"][0]["members"]
    assert member["extra_care"] is True
    assert member["tags"] == []
    assert "X1" not in answer.content.decode()
    assert "不可说" not in answer.content.decode()
    client.force_login(in_role(RoleKind.WALL))
    [member] = panorama(client, flat)["households"][0]["members"]
    assert member["extra_care"] is False


def test_the_wall_is_told_masked_names_and_tags_and_no_more(
    client: Client, in_role: InRole, grandmother: Person, flat: Dwelling, tags: Tags
) -> None:
    give_tag(tag=tags["elder_alone"], subject=grandmother, reason="子女在外地")
    client.force_login(in_role(RoleKind.WALL))
    [member] = panorama(client, flat)["households"][0]["members"]
    assert member["name"] == "欧阳**"
    assert [(tag["code"], tag["reason"]) for tag in member["tags"]] == [("elder_alone", None)]
    hidden = ("sex", "age", "phone", "identity", "identity_kind", "contacts")
    assert [member[field] for field in hidden] == [None] * len(hidden)
    assert member["reveals"] == []


@pytest.mark.parametrize("kind", [k for k in RoleKind if not OPENS[k].people])
def test_who_sees_no_people_finds_an_empty_window_or_none(
    kind: str, client: Client, in_role: InRole, grandmother: Person, flat: Dwelling, household: Household
) -> None:
    client.force_login(in_role(kind))
    answer = client.get(f"/api/panoramas/{flat.pk}/")
    if answer.status_code == 200:
        told = answer.json()
        assert told["households"] == told["others"] == told["history"] == told["care_pairs"] == []
        assert told["counts"] == {"registered": 0, "actual": 0, "households": 0}
    assert client.get(f"/api/households/{household.pk}/").status_code == 404
    assert client.get(f"/api/people/{grandmother.pk}/").status_code == 404
    assert not AuditEntry.objects.filter(action__endswith=".view").exists()


def test_a_resident_is_told_of_the_own_household(
    client: Client, in_role: InRole, grandmother: Person, person: AddPerson, settle: Settle, flat: Dwelling,
    household: Household,
) -> None:  # fmt: skip
    user = in_role(RoleKind.RESIDENT)
    settle(person("欧阳小林", user_id=user.pk), flat, household_id=household.pk, role="child")
    client.force_login(user)
    told = client.get(f"/api/households/{household.pk}/").json()
    assert [m["name"] for m in told["members"]] == ["欧阳**", "欧阳**"]
    assert [m["phone"] for m in told["members"]] == ["138****1234", ""]
    assert [m["identity"] for m in told["members"]] == [None, None]
    assert client.get(f"/api/panoramas/{flat.pk}/").status_code == 404


# Reveal


def ask(client: Client, subject: str, pk: int, field: str, reason: str = "电话回访") -> Any:
    body = {"subject": subject, "id": pk, "field": field, "reason": reason}
    return client.post("/api/reveals/", body, content_type="application/json")


def test_one_field_is_revealed_for_a_minute_and_the_audit_knows_why(
    signed_in: Client, officer: User, grandmother: Person
) -> None:
    answer = ask(signed_in, "person", grandmother.pk, "phone").json()
    assert answer["value"] == "13800001234"
    left = timezone.datetime.fromisoformat(answer["until"]) - timezone.now()  # type: ignore[attr-defined]
    assert timedelta(seconds=50) < left <= timedelta(seconds=60)
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.by, entry.subject, entry.reason, entry.detail) == (
        officer,
        f"people.Person:{grandmother.pk}",
        "电话回访",
        {"field": "phone"},
    )


@pytest.mark.parametrize(
    ("field", "value"), [("name", "欧阳小梅"), ("birth_date", "1938-04-12"), ("identity", NUMBER)]
)
def test_every_field_can_be(field: str, value: str, signed_in: Client, grandmother: Person) -> None:
    assert ask(signed_in, "person", grandmother.pk, field).json()["value"] == value


def test_so_can_whom_to_call(signed_in: Client, grandmother: Person) -> None:
    contact = grandmother.emergency_contacts.get()
    assert ask(signed_in, "contact", contact.pk, "phone").json()["value"] == "13900005678"


def test_the_one_who_answers_for_a_shop(signed_in: Client, community: Community, flat: Dwelling) -> None:
    shop = NewOrganisation(flat.unit, "店", "shop", contact_name="周师傅", phone="13700004321")
    [pk] = add_organisations(community=community, organisations=[shop])
    assert ask(signed_in, "organisation", pk, "phone").json()["value"] == "13700004321"


@pytest.mark.parametrize("reason", [" ", "。。", "\u200b\u200b\u200b", "a"])
def test_not_without_a_reason(signed_in: Client, grandmother: Person, reason: str) -> None:
    answer = ask(signed_in, "person", grandmother.pk, "phone", reason=reason)
    assert (answer.status_code, answer.json()["error"]["where"]) == (400, "reason")


def test_never_by_the_wall(client: Client, in_role: InRole, grandmother: Person) -> None:
    client.force_login(in_role(RoleKind.WALL))
    for field in ("name", "birth_date", "phone", "identity"):
        assert ask(client, "person", grandmother.pk, field).status_code == 404
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_a_stairwell_head_reveals_a_phone_but_no_identity_number(
    client: Client, in_role: InRole, grandmother: Person, flat: Dwelling
) -> None:
    client.force_login(in_role(RoleKind.STAIRWELL_HEAD, unit=flat.unit))
    assert ask(client, "person", grandmother.pk, "phone").status_code == 200
    assert ask(client, "person", grandmother.pk, "identity").status_code == 404
    [member] = panorama(client, flat)["households"][0]["members"]
    assert member["identity"] is None


def test_a_worker_of_another_grid_reveals_nothing(
    client: Client, in_role: InRole, east: Grid, grandmother: Person
) -> None:
    client.force_login(in_role(RoleKind.GRID_WORKER, grid=east))
    assert ask(client, "person", grandmother.pk, "phone").status_code == 404


# Looks


def test_every_view_of_a_household_is_told_to_the_auditor_and_to_who_looked(
    client: Client, in_role: InRole, west: Grid, grandmother: Person, flat: Dwelling, household: Household
) -> None:
    worker = in_role(RoleKind.GRID_WORKER, grid=west)
    client.force_login(worker)
    panorama(client, flat)
    own = client.get("/api/looks/").json()["results"]
    client.force_login(in_role(RoleKind.AUDITOR))
    audited = client.get(f"/api/looks/?subject=people.Household:{household.pk}").json()["results"]
    assert [(row["by"], row["action"], row["subject"]) for row in own] == [
        (worker.pk, "household.view", f"people.Household:{household.pk}")
    ]
    assert audited == own
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    assert client.get("/api/looks/").json()["results"] == []


def test_an_empty_window_is_nobodys_business(signed_in: Client, flat: Dwelling) -> None:
    panorama(signed_in, flat)
    assert not AuditEntry.objects.filter(action__endswith=".view").exists()


# Counts


def test_registered_and_actual_are_counted_apart(
    signed_in: Client, community: Community, grandmother: Person, person: AddPerson, settle: Settle, flat: Dwelling,
    east: Grid, east_flat: Dwelling, tags: Tags,
) -> None:  # fmt: skip
    lodger, gone = person("乙"), person("丙")
    settle(lodger, east_flat, tenure="rent")
    settle(gone, flat, basis="registered", tenure="registered_only")
    give_tag(tag=tags["aged_80"], subject=grandmother)
    give_tag(tag=tags["let_home"], subject=east_flat)
    told = signed_in.get(f"/api/people/counts/?community={community.pk}").json()
    assert told == {
        "registered": 2,
        "actual": 2,
        "households": 1,
        "states": {"together": 1, "lives_here": 1, "registered_here": 1},
        "tenure": {"own": 1, "rent": 1},
        "tags": [
            {"tag_id": tags["aged_80"].pk, "code": "aged_80", "applies_to": "person", "count": 1},
            {"tag_id": tags["let_home"].pk, "code": "let_home", "applies_to": "dwelling", "count": 1},
        ],
    }
    in_the_east = signed_in.get(f"/api/people/counts/?community={community.pk}&grid={east.pk}").json()
    assert (in_the_east["registered"], in_the_east["actual"]) == (0, 1)
    building = signed_in.get(
        f"/api/people/counts/?community={community.pk}&building={flat.building_id}"
    ).json()
    assert (building["registered"], building["actual"]) == (2, 1)


def test_a_worker_counts_the_own_grid(
    client: Client, in_role: InRole, community: Community, west: Grid, grandmother: Person, person: AddPerson,
    settle: Settle, east_flat: Dwelling,
) -> None:  # fmt: skip
    settle(person(), east_flat)
    client.force_login(in_role(RoleKind.GRID_WORKER, grid=west))
    assert client.get(f"/api/people/counts/?community={community.pk}").json()["actual"] == 1


def test_counting_asks_for_a_community(signed_in: Client) -> None:
    assert signed_in.get("/api/people/counts/").status_code == 400
    assert signed_in.get("/api/people/counts/?community=x").status_code == 400
    assert signed_in.get("/api/people/counts/?community=999999").status_code == 404


# The catalogue


def test_the_catalogue_tells_how_tags_look_and_why_they_are_kept(
    signed_in: Client, community: Community, tags: Tags
) -> None:
    told = signed_in.get(f"/api/tags/?community={community.pk}&applies_to=person").json()["results"]
    elder = next(row for row in told if row["code"] == "elder_alone")
    assert elder["name"] == {"zh": "独居老人", "en": "Elder living alone"}
    assert elder["symbol"] == "独"
    assert elder["purpose"]
    assert max(row["level"] for row in told) == 4
    classes = signed_in.get(f"/api/tag-classes/?community={community.pk}").json()["results"]
    assert len(classes) == 5


# Cost


def test_a_click_costs_as_many_queries_whoever_lives_there(
    signed_in: Client, community: Community, grandmother: Person, person: AddPerson, settle: Settle, flat: Dwelling,
    tags: Tags, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    panorama(signed_in, flat)  # the content types and the like are known by now
    with CaptureQueriesContext(
        connection,
    ) as few:
        panorama(signed_in, flat)
    for n in range(8):
        home = add_household(community=community, household=NewHousehold(flat.pk))
        someone = person(f"{n}号", phone=f"1380000{n:04d}")
        settle(someone, flat, household_id=home.pk, role="head")
        give_tag(tag=tags["veteran"], subject=someone)
        give_tag(tag=tags["e_bike"], subject=home)
    with CaptureQueriesContext(connection) as many:
        panorama(signed_in, flat)
    assert len(many) == len(few)
    assert len(many) <= 30, "\n".join(q["sql"][:160] for q in many.captured_queries)
