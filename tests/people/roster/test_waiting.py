"""Doubtful addresses wait until a clerk has decided; then their rows come in, and what was decided is remembered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.people.identities import a_number
from tests.people.roster.conftest import HEADER, Import, home, lives, verdicts, xlsx
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.people.models import Household, Person, Residence, RosterAddress, RosterRow, RosterRun
from twin.people.roster.deciding import decide_address, leave_out_address, lessons_for
from twin.people.roster.plan import Options, RosterRequest
from twin.people.roster.runs import apply_roster, check_roster, file_of, forget_rosters, receive_roster
from twin.places.actions import found_community
from twin.places.models import AddressAlias, Building, Community

A, B, C = a_number(date(1960, 5, 1), 11), a_number(date(1962, 7, 9), 12), a_number(date(1985, 1, 2), 13)
LOST = (
    ("1", "示大", "户主", "男", A, "", "家属院2栋1单元502"),
    ("", "示二", "妻", "女", B, "", ""),
    ("2", "示三", "户主", "男", C, "", "家属院3栋2单元101"),
)


@pytest.fixture
def waiting(bring_in: Import) -> RosterAddress:
    bring_in(xlsx(HEADER, *LOST))
    return RosterAddress.objects.get(text="家属院2栋1单元502")


def test_doubtful_rows_wait_with_reasons_and_candidates(waiting: RosterAddress, yard: list[Building]) -> None:
    assert Person.objects.count() == 0
    assert list(waiting.rows.values_list("verdict", flat=True)) == ["wait", "wait"]
    assert waiting.reasons[0]["code"] == "name_unknown"
    assert waiting.candidates[0]["dwelling"] == home(yard[1], "1", "502").pk
    assert waiting.run.report["counts"]["addresses"] == 2


def test_a_decision_brings_the_household_in_together(
    waiting: RosterAddress, yard: list[Building], officer: User
) -> None:
    decide_address(address=waiting, dwelling=home(yard[1], "1", "502"), by=officer)
    assert lives("示大") == lives("示二") == ["船厂大院2栋/1/502"]
    assert Household.objects.count() == 1
    assert set(Residence.objects.values_list("role", flat=True)) == {"head", "spouse"}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("decided", officer)
    row = waiting.rows.get(number=3)
    assert (row.verdict, row.said_sealed, row.dwelling_id) == ("create", None, home(yard[1], "1", "502").pk)


def test_an_address_decided_alone_leaves_the_others_waiting(
    waiting: RosterAddress, yard: list[Building]
) -> None:
    decide_address(address=waiting, dwelling=home(yard[1], "1", "502"))
    assert lives("示三") == []
    waiting.run.refresh_from_db()
    assert waiting.run.report["counts"]["addresses"] == 1
    assert AddressAlias.objects.get().source == "花名册"


def test_a_name_learned_settles_the_others_that_say_it(
    waiting: RosterAddress, yard: list[Building], officer: User
) -> None:
    decide_address(address=waiting, dwelling=home(yard[1], "1", "502"), learn="compound", by=officer)
    assert lives("示三") == ["船厂大院3栋/2/101"]
    other = RosterAddress.objects.get(text="家属院3栋2单元101")
    assert (other.state, other.alias, other.decided_by) == ("settled", AddressAlias.objects.get(), officer)


def test_what_was_decided_is_known_the_next_time(
    waiting: RosterAddress, yard: list[Building], bring_in: Import
) -> None:
    decide_address(address=waiting, dwelling=home(yard[1], "1", "502"), learn="compound")
    again = bring_in(xlsx(HEADER, *LOST))
    assert verdicts(again) == ["unchanged"] * 3
    assert RosterAddress.objects.filter(state="waiting").count() == 0


def test_what_can_be_learned_is_offered_widest_first(waiting: RosterAddress, yard: list[Building]) -> None:
    offered = lessons_for(waiting, home(yard[1], "1", "502"))
    assert [bool(one.compound_id) for one in offered] == [True, False, False]
    assert [one.covers for one in offered] == ["name", "name", "address"]


def test_what_the_address_does_not_teach_is_refused(waiting: RosterAddress, yard: list[Building]) -> None:
    with pytest.raises(Invalid, match="cannot be learned"):
        decide_address(address=waiting, dwelling=home(yard[0], "1", "502"), learn="compound")
    with pytest.raises(Invalid, match="cannot be learned"):
        decide_address(address=waiting, dwelling=home(yard[0], "1", "502"), learn="everything")


def test_an_address_is_decided_once(waiting: RosterAddress, yard: list[Building]) -> None:
    decide_address(address=waiting, dwelling=home(yard[1], "1", "502"))
    with pytest.raises(Conflict):
        decide_address(address=waiting, dwelling=home(yard[1], "2", "502"))
    with pytest.raises(Conflict):
        leave_out_address(address=waiting)


def test_a_dwelling_of_another_community_is_refused(waiting: RosterAddress, yard: list[Building]) -> None:
    other = found_community(name="别处")
    elsewhere = home(yard[1], "1", "502")
    elsewhere.community = other
    waiting.run.community = other
    with pytest.raises(Invalid):
        lessons_for(waiting, elsewhere)


def test_an_address_that_is_none_is_left_out_with_its_rows(waiting: RosterAddress, officer: User) -> None:
    leave_out_address(address=waiting, by=officer)
    assert list(waiting.rows.values_list("verdict", flat=True)) == ["refuse", "refuse"]
    assert waiting.rows.first().notes[0]["code"] == "left_out_by_clerk"
    assert set(RosterRow.objects.filter(address=waiting).values_list("said_sealed", flat=True)) == {None}
    assert Person.objects.count() == 0


def test_an_address_that_comes_again_waits_once(
    waiting: RosterAddress, bring_in: Import, yard: list[Building]
) -> None:
    bring_in(xlsx(HEADER, *LOST))
    waiting.refresh_from_db()
    assert waiting.state == "later"
    again = RosterAddress.objects.get(text=waiting.text, state="waiting")
    decide_address(address=again, dwelling=home(yard[1], "1", "502"), learn="compound")
    assert Person.objects.count() == 3
    assert not RosterAddress.objects.filter(state="waiting").exists()


@pytest.fixture
def sent(community: Community, yard: list[Building]) -> Any:
    def send(data: bytes, **options: Any) -> RosterRun:
        request = RosterRequest(community, data, "花名册.xlsx", "花名册", Options(**options))
        return receive_roster(request=request)

    return send


@pytest.mark.django_db(transaction=True)
def test_a_roster_that_was_looked_at_is_applied_as_it_was_looked_at(sent: Any, yard: list[Building]) -> None:
    run = check_roster(
        sent(xlsx(HEADER, *LOST[:2], ("3", "示四", "户主", "", "", "", "船厂大院1栋1单元101")))
    )
    assert (run.state, run.report["counts"]["create"], run.report["counts"]["wait"]) == ("checked", 1, 2)
    assert Person.objects.count() == 0
    with pytest.raises(Conflict, match="Apply the roster first"):
        decide_address(address=RosterAddress.objects.get(), dwelling=home(yard[1], "1", "502"))
    apply_roster(run)
    assert (run.state, Person.objects.count()) == ("applied", 1)
    apply_roster(run)
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_roster_is_looked_at_again_when_the_community_has_changed(sent: Any, yard: list[Building]) -> None:
    first, second = (
        sent(xlsx(HEADER, ("3", "示四", "户主", "", "", "", "船厂大院1栋1单元101"))) for _ in range(2)
    )
    check_roster(first)
    apply_roster(check_roster(second))
    with pytest.raises(Conflict) as refused:
        apply_roster(first)
    assert refused.value.code == "plan_changed"
    first.refresh_from_db()
    assert (first.state, first.report["counts"]["unchanged"]) == ("checked", 1)


def test_files_are_forgotten_after_a_while_and_what_waits_is_kept(waiting: RosterAddress, sent: Any) -> None:
    unapplied = sent(xlsx(HEADER, *LOST))
    assert forget_rosters(before=timezone.now() - timedelta(days=1)) == 0
    assert forget_rosters(before=timezone.now() + timedelta(days=1)) == 2
    assert not RosterRun.objects.filter(pk=unapplied.pk).exists()
    run = RosterRun.objects.get()
    with pytest.raises(Conflict, match="send it again"):
        file_of(run)
    assert waiting.rows.exclude(said_sealed=None).count() == 2
