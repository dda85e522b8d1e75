"""A roster comes in: people, households, residences; all or nothing, and a second time as an update."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests.people.identities import a_number
from tests.people.roster.conftest import HEADER, Import, codes, home, lives, somebody, verdicts, xlsx
from twin.base.errors import Conflict
from twin.base.sealed_fields import text_of
from twin.people.actions import NewPerson, add_person, end_person
from twin.people.models import Household, Person, Residence, RosterAddress, RosterRow, RosterRun
from twin.people.roster import applying
from twin.places.models import Building, Community

A, B, C = a_number(date(1960, 5, 1), 11), a_number(date(1962, 7, 9), 12), a_number(date(1985, 1, 2), 13)
COUPLE = (
    ("1", "示大", "户主", "男", A, "19900001111", "船厂大院1栋1单元101"),
    ("", "示二", "妻", "女", B, "", ""),
)
OTHERS = (("2", "示三", "户主", "男", C, "", "船厂大院2栋2单元602"),)
SHARERS = (
    ("11", "示丁", "户主", "男", "", "", "船厂大院3栋1单元101"),
    ("12", "示戊", "户主", "女", "", "", "船厂大院3栋1单元101"),
    ("13", "示己", "户主", "男", "", "", "船厂大院3栋1单元101"),
)


def counted() -> tuple[int, int, int]:
    return (
        Person.objects.standing().count(),
        Household.objects.standing().count(),
        Residence.objects.current().count(),
    )


def test_people_households_and_residences_come_in(bring_in: Import, yard: list[Building]) -> None:
    made = bring_in(xlsx(HEADER, *COUPLE, *OTHERS))
    assert verdicts(made) == ["create"] * 3
    assert counted() == (3, 2, 3)
    head = somebody("示大")
    assert (head.sex, head.birth_date, text_of(head, "identity_sealed"), text_of(head, "phone_sealed")) == (
        "male", date(1960, 5, 1), A, "19900001111",
    )  # fmt: skip
    residence = Residence.objects.get(person=somebody("示二"))
    assert (residence.role, residence.basis, residence.dwelling) == (
        "spouse",
        "actual",
        home(yard[0], "1", "101"),
    )
    assert residence.household == Residence.objects.get(person=head).household


def test_the_same_roster_again_changes_nothing(bring_in: Import) -> None:
    roster = xlsx(HEADER, *COUPLE, *OTHERS, *SHARERS)
    bring_in(roster)
    before = counted()
    again = bring_in(roster)
    assert verdicts(again) == ["unchanged"] * 6
    assert counted() == before


def test_a_dry_run_writes_nothing(plan: Import) -> None:
    plan(xlsx(HEADER, *COUPLE))
    assert counted() == (0, 0, 0)
    assert not RosterRun.objects.exists()


def test_a_later_roster_updates_and_empty_cells_erase_nothing(bring_in: Import) -> None:
    bring_in(xlsx(HEADER, *COUPLE))
    later = (
        ("1", "示大", "户主", "", A, "", "船厂大院1栋1单元101"),
        ("1", "示二", "妻", "女", B, "19900002222", ""),
    )
    made = bring_in(xlsx(HEADER, *later))
    assert verdicts(made) == ["unchanged", "change"]
    assert made.rows[1].changes == {"phone": ("", "…")}
    assert text_of(somebody("示大"), "phone_sealed") == "19900001111"
    assert text_of(somebody("示二"), "phone_sealed") == "19900002222"
    assert counted() == (2, 1, 2)


def test_a_household_that_moves_takes_everybody_and_leaves_its_history(
    bring_in: Import, yard: list[Building]
) -> None:
    bring_in(xlsx(HEADER, *COUPLE))
    moved = (("1", "示大", "户主", "男", A, "", "船厂大院2栋1单元301"), ("1", "示二", "妻", "女", B, "", ""))
    made = bring_in(xlsx(HEADER, *moved))
    assert verdicts(made) == ["change", "change"]
    assert "moves_here" in codes(made)[0]
    assert lives("示大") == lives("示二") == ["船厂大院2栋/1/301"]
    assert Household.objects.standing().count() == 1
    assert Residence.objects.count() == 4


def test_a_household_without_a_number_moves_when_all_of_it_does(bring_in: Import) -> None:
    def roster(address: str) -> bytes:
        return xlsx(HEADER[1:], *[(*row[1:6], address) for row in COUPLE])

    bring_in(roster("船厂大院1栋1单元101"))
    bring_in(roster("船厂大院1栋2单元202"))
    assert lives("示二") == ["船厂大院1栋/2/202"]
    assert Household.objects.standing().count() == 1


def test_a_child_that_moves_out_lives_elsewhere_and_the_parents_stay(bring_in: Import) -> None:
    child = ("1", "示三", "子", "男", C, "", "")
    bring_in(xlsx(HEADER, *COUPLE, child))
    bring_in(xlsx(HEADER, *COUPLE, ("9", "示三", "户主", "男", C, "", "船厂大院3栋2单元101")))
    assert lives("示三") == ["船厂大院3栋/2/101"]
    assert lives("示大") == ["船厂大院1栋/1/101"]
    assert Household.objects.standing().count() == 2


def test_a_shared_flat_has_its_three_households(bring_in: Import, yard: list[Building]) -> None:
    bring_in(xlsx(HEADER, *SHARERS))
    flat = home(yard[2], "1", "101")
    assert flat.households.standing().count() == 3
    assert set(Residence.objects.filter(dwelling=flat).values_list("role", flat=True)) == {"head"}


def test_who_is_registered_here_and_lives_there_is_one_person_with_two_facts(bring_in: Import) -> None:
    header = (*HEADER, "人户状态")
    rows = [
        ("1", "示大", "户主", "男", A, "", "船厂大院1栋1单元101", "户在人不在"),
        ("2", "示大", "户主", "男", A, "", "船厂大院2栋1单元101", "人在户不在"),
    ]
    bring_in(xlsx(header, *rows))
    assert Person.objects.count() == 1
    facts = {
        r.basis: str(r.dwelling.building) for r in Residence.objects.select_related("dwelling__building")
    }
    assert facts == {"registered": "船厂大院1栋", "actual": "船厂大院2栋"}
    assert verdicts(bring_in(xlsx(header, *rows))) == ["unchanged", "unchanged"]


def test_a_registered_address_in_the_community_is_a_registration_and_one_elsewhere_is_none(
    bring_in: Import,
) -> None:
    header = (*HEADER, "户籍地址")
    rows = [
        ("1", "示大", "户主", "男", A, "", "船厂大院1栋1单元101", "船厂大院2栋1单元101"),
        ("2", "示二", "户主", "女", B, "", "船厂大院1栋1单元201", "某省某市某县"),
    ]
    made = bring_in(xlsx(header, *rows))
    registered = Residence.objects.registered().values_list("person__name", "dwelling__building__number")
    assert list(registered) == [("示大", "2栋")]
    assert codes(made)[1] == ["registered_elsewhere"]


@pytest.mark.parametrize(
    ("word", "facts"),
    [("人户一致", {"registered", "actual"}), ("人在户不在", {"actual"}), ("户在人不在", {"registered"}),
     ("空挂", {"registered"}), ("", {"actual"})],
)  # fmt: skip
def test_registered_and_living_are_two_facts(bring_in: Import, word: str, facts: set[str]) -> None:
    bring_in(xlsx((*HEADER, "人户状态"), (*OTHERS[0], word)))
    assert set(Residence.objects.values_list("basis", flat=True)) == facts


def test_who_lived_here_before_is_entered_from_then_on(bring_in: Import) -> None:
    bring_in(xlsx((*HEADER, "入住时间", "房屋性质"), (*OTHERS[0], "2015年3月1日", "租住")))
    residence = Residence.objects.get()
    assert residence.during.lower.astimezone(ZoneInfo("Asia/Shanghai")).date() == date(2015, 3, 1)
    assert residence.tenure == "rent"


def test_somebody_known_by_name_and_address_gains_a_number(bring_in: Import) -> None:
    bring_in(xlsx(HEADER, ("2", "示三", "户主", "", "", "", "船厂大院2栋2单元602")))
    made = bring_in(xlsx(HEADER, *OTHERS))
    assert codes(made) == [["known_by_name"]]
    assert text_of(somebody("示三"), "identity_sealed") == C
    assert Person.objects.count() == 1


def test_a_number_that_is_somebody_elses_is_refused(bring_in: Import, community: Community) -> None:
    add_person(community=community, person=NewPerson("别人", identity=C))
    made = bring_in(xlsx(HEADER, *OTHERS))
    assert codes(made) == [["identity_is_somebody_elses"]]
    assert not Person.objects.filter(name="示三").exists()


def test_somebody_who_was_gone_and_comes_back_is_a_new_row(bring_in: Import) -> None:
    bring_in(xlsx(HEADER, *OTHERS))
    end_person(person=somebody("示三"), why="moved_away")
    made = bring_in(xlsx(HEADER, *OTHERS))
    assert codes(made) == [["was_gone"]]
    assert Person.objects.filter(name="示三").count() == 2


def test_another_source_adds_a_home_and_takes_none_away(bring_in: Import) -> None:
    bring_in(xlsx(HEADER, *OTHERS), source="甲册")
    made = bring_in(xlsx(HEADER, ("2", "示三", "户主", "男", C, "", "船厂大院3栋2单元601")), source="乙册")
    assert codes(made) == [["lives_also_in"]]
    assert lives("示三") == ["船厂大院2栋/2/602", "船厂大院3栋/2/601"]


def test_a_household_keeps_the_head_that_is_known(bring_in: Import) -> None:
    bring_in(xlsx(HEADER, *COUPLE))
    made = bring_in(xlsx(HEADER, ("1", "示三", "户主", "男", C, "", "船厂大院1栋1单元101")))
    assert codes(made) == [["other_head_is_known"]]
    assert Residence.objects.get(person=somebody("示三")).role == "other"
    swapped = (
        ("1", "示大", "其他", "男", A, "", "船厂大院1栋1单元101"),
        ("1", "示二", "户主", "女", B, "", ""),
    )
    bring_in(xlsx(HEADER, *swapped))
    assert Residence.objects.current().get(person=somebody("示二")).role == "head"


def test_nothing_comes_in_when_something_fails_at_the_end(
    bring_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise Conflict("The last step failed.")

    monkeypatch.setattr(applying, "start_residences", fail)
    with pytest.raises(Conflict):
        bring_in(xlsx(HEADER, *COUPLE))
    assert counted() == (0, 0, 0)
    assert not RosterRun.objects.exists()


def test_rows_that_are_refused_or_wait_do_not_hold_the_others_up(bring_in: Import) -> None:
    wrong = ("3", "示四", "户主", "男", A[:-1] + "?", "", "船厂大院1栋2单元101")
    lost = ("4", "示五", "户主", "男", "", "", "老供销社宿舍1单元101")
    made = bring_in(xlsx(HEADER, *OTHERS, wrong, lost))
    assert verdicts(made) == ["create", "refuse", "wait"]
    assert counted() == (1, 1, 1)
    run = RosterRun.objects.get()
    assert (run.report["counts"]["create"], run.report["counts"]["addresses"]) == (1, 1)
    assert RosterAddress.objects.get().text == "老供销社宿舍1单元101"


def test_no_identity_number_or_phone_is_anywhere_in_the_tables(bring_in: Import) -> None:
    lost = ("4", "示五", "户主", "女", B, "19900003333", "老供销社宿舍1单元101")
    wrong = (
        "5",
        "示六",
        "户主",
        "男",
        C[:-1] + ("1" if C[-1] != "1" else "2"),
        "1990000",
        "船厂大院1栋2单元101",
    )
    bring_in(xlsx(HEADER, COUPLE[0], lost, wrong))
    for model in (RosterRun, RosterAddress, RosterRow, Person):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {model._meta.db_table} AS t")
            dumped = cursor.fetchone()[0]
        for secret in (A, B, C[:-1], "19900001111", "19900003333"):
            assert secret not in dumped, (model, secret)
            assert secret.encode().hex() not in dumped, (model, secret)


def test_a_row_of_everything_keeps_where_it_came_from(bring_in: Import) -> None:
    bring_in(xlsx(HEADER, *COUPLE))
    assert set(Person.objects.values_list("source", flat=True)) == {"花名册"}
    assert Household.objects.get().source_id == "1"
    row = RosterRow.objects.get(number=3)
    assert (row.person_id, row.verdict) == (somebody("示二").pk, "create")
    assert row.said_sealed is None
