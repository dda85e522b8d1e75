"""Every fault is named with its row, its column and a remedy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from tests.people.identities import a_number
from tests.people.roster.conftest import Import, verdicts, xlsx
from twin.people.identity_numbers import check_digit
from twin.people.roster.messages import FILE, REFUSES, REMARKS, ROW

HEADER = (
    "姓名",
    "性别",
    "出生日期",
    "证件类型",
    "身份证号码",
    "联系电话",
    "与户主关系",
    "人户状态",
    "房屋性质",
    "入住时间",
    "现住址",
)
GOOD = {
    "姓名": "示大", "性别": "男", "出生日期": "1960-05-01", "身份证号码": a_number(date(1960, 5, 1), 11),
    "与户主关系": "户主", "现住址": "船厂大院1栋1单元101",
}  # fmt: skip
NUMBER = GOOD["身份证号码"]
WRONG_CHECK = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")


def one(**said: Any) -> bytes:
    row = {**GOOD, **said}
    return xlsx(HEADER, [row.get(title) for title in HEADER])


def test_a_good_row_has_no_notes(plan: Import) -> None:
    [row] = plan(one()).rows
    assert (row.verdict, row.notes) == ("create", [])


@pytest.mark.parametrize(
    ("said", "code", "letter"),
    [
        ({"姓名": "张3"}, "name_has_digits", "A"),
        ({"姓名": "示" * 61}, "name_too_long", "A"),
        ({"姓名": "示大（已故）"}, "row_is_of_the_dead", "A"),
        ({"身份证号码": WRONG_CHECK}, "identity_check", "E"),
        ({"身份证号码": "123"}, "identity_form", "E"),
        ({"身份证号码": "310101600501111"}, "identity_old", "E"),
        ({"身份证号码": 310101600501111}, "identity_old", "E"),
        ({"身份证号码": float(NUMBER[:-1] + "0")}, "identity_rounded", "E"),
        ({"身份证号码": int(NUMBER[:15] + "000")}, "identity_rounded", "E"),
        ({"身份证号码": "9.99999E+17"}, "identity_rounded", "E"),
        ({"身份证号码": NUMBER[:6] + "19901350" + NUMBER[14:]}, "identity_birth", "E"),
        ({"出生日期": "1961-05-01"}, "identity_and_birth_differ", "C"),
        ({"性别": "女"}, "identity_and_sex_differ", "B"),
        ({"证件类型": "会员卡"}, "document_unknown", "D"),
        ({"身份证号码": None, "出生日期": "1990-02-30"}, "birth_is_no_day", "C"),
        ({"身份证号码": None, "出生日期": "2099-01-01"}, "birth_in_future", "C"),
        ({"人户状态": "大概在"}, "residence_not_understood", "H"),
        ({"人户状态": "人户分离"}, "residence_not_understood", "H"),
        ({"现住址": None}, "address_missing", "K"),
        ({"现住址": "#REF!"}, "cell_is_an_error", "K"),
    ],
)
def test_a_fault_refuses_the_row_and_names_its_column(
    plan: Import, said: Any, code: str, letter: str
) -> None:
    [row] = plan(one(**said)).rows
    assert row.verdict == "refuse"
    assert (row.notes[0].code, row.notes[0].details["letter"]) == (code, letter)
    assert f"({letter})" in row.notes[0].message


@pytest.mark.parametrize(
    ("said", "code", "letter"),
    [
        ({"联系电话": "12345"}, "phone_not_understood", "F"),
        ({"联系电话": "1990000111"}, "phone_not_understood", "F"),
        ({"联系电话": "1.99E+10"}, "phone_rounded", "F"),
        ({"身份证号码": None, "性别": "先生"}, "sex_not_understood", "B"),
        ({"身份证号码": None, "出生日期": "1990年5月"}, "birth_only_month", "C"),
        ({"身份证号码": None, "出生日期": "五月"}, "birth_not_understood", "C"),
        ({"房屋性质": "不好说"}, "tenure_not_understood", "I"),
        ({"入住时间": "去年"}, "since_not_understood", "J"),
        ({"入住时间": "2099-01-01"}, "since_in_future", "J"),
    ],
)
def test_what_is_not_understood_is_left_out_and_told(plan: Import, said: Any, code: str, letter: str) -> None:
    [row] = plan(one(**said)).rows
    assert row.verdict == "create"
    assert [(n.code, n.details["letter"]) for n in row.notes] == [(code, letter)]


def test_a_relation_that_is_not_known_is_taken_as_other(plan: Import) -> None:
    [row] = plan(one(与户主关系="干爹")).rows
    assert (row.said.relation, row.notes[0].code) == ("other", "relation_not_understood")


@pytest.mark.parametrize(
    "written",
    [NUMBER, f"{NUMBER}'", f"'{NUMBER}", f"{NUMBER}”", f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} ", NUMBER.lower(),
     "".join(chr(ord(letter) + 0xFEE0) for letter in NUMBER), f"{NUMBER}.0", f"\u200b{NUMBER}"],
)  # fmt: skip
def test_an_identity_number_is_read_in_the_forms_that_spreadsheets_leave_it_in(
    plan: Import, written: str
) -> None:
    [row] = plan(one(身份证号码=written)).rows
    assert (row.said.identity, row.notes) == (NUMBER, [])


def test_a_rounded_number_that_happens_to_pass_the_check_is_refused_all_the_same(plan: Import) -> None:
    """One of eleven rounded numbers has a check digit that fits."""
    digits = next(
        d
        for d in (f"999999196005{day:02d}000" for day in range(1, 28))
        if check_digit(d[:17].ljust(17, "0")) == "0"
    )
    [row] = plan(one(身份证号码=float(digits[:17] + "0"), 出生日期=None, 性别=None)).rows
    assert row.notes[0].code == "identity_rounded"


@pytest.mark.parametrize(
    ("written", "phone"),
    [("199 0000 1111", "19900001111"), (19900001111.0, "19900001111"), ("１９９００００１１１１", "19900001111"),
     ("+86 19900001111", "19900001111"), ("021-55551234", "02155551234"), ("55551234", "55551234")],
)  # fmt: skip
def test_a_phone_number_is_read_in_its_forms(plan: Import, written: Any, phone: str) -> None:
    [row] = plan(one(联系电话=written)).rows
    assert (row.said.phone, row.notes) == (phone, [])


def test_of_two_phone_numbers_the_first_is_taken(plan: Import) -> None:
    [row] = plan(one(联系电话="19900001111/19900002222")).rows
    assert (row.said.phone, row.notes[0].code) == ("19900001111", "second_phone_left_out")


def test_an_identity_number_tells_birth_and_sex_where_the_columns_do_not(plan: Import) -> None:
    [row] = plan(one(出生日期=None, 性别=None)).rows
    assert (row.said.birth_date, row.said.sex) == (date(1960, 5, 1), "male")


def test_another_document_is_taken_as_it_is(plan: Import) -> None:
    [row] = plan(one(证件类型="护照", 身份证号码="示E12345678")).rows
    assert (row.said.identity_kind, row.said.identity) == ("passport", "E12345678")


def test_a_name_is_written_without_blanks_and_remarks(plan: Import) -> None:
    [row] = plan(one(姓名=" 示　大 （户主）", 与户主关系=None)).rows
    assert (row.said.name, row.said.relation) == ("示大", "head")


def test_several_faults_of_a_row_are_all_named(plan: Import) -> None:
    [row] = plan(one(姓名="示2", 身份证号码=WRONG_CHECK, 联系电话="1")).rows
    assert [note.code for note in row.notes] == ["name_has_digits", "identity_check", "phone_not_understood"]


def rows_of(plan: Import, *people: dict[str, Any]) -> Any:
    return plan(xlsx(HEADER, *[[{**GOOD, **said}.get(title) for title in HEADER] for said in people]))


def test_a_person_twice_at_one_address_is_named_with_the_other_row(plan: Import) -> None:
    made = rows_of(plan, {}, {"与户主关系": "其他"})
    assert verdicts(made) == ["create", "refuse"]
    assert (made.rows[1].notes[0].code, made.rows[1].notes[0].details["row"]) == ("person_repeats_row", "2")


def test_one_number_under_two_names_is_named(plan: Import) -> None:
    made = rows_of(plan, {}, {"姓名": "示二", "与户主关系": "其他"})
    assert [n.code for n in made.rows[1].notes] == ["identity_repeats_row"]


def test_a_person_at_two_addresses_must_say_which_is_which(plan: Import) -> None:
    elsewhere = {"现住址": "船厂大院2栋1单元101"}
    assert [n.code for n in rows_of(plan, {}, elsewhere).rows[1].notes] == ["person_elsewhere_in_row"]
    both = rows_of(plan, {"人户状态": "户在人不在"}, {**elsewhere, "人户状态": "人在户不在"})
    assert verdicts(both) == ["create", "create"]


def test_namesakes_at_one_address_need_numbers(plan: Import) -> None:
    nameless = {"身份证号码": None, "出生日期": None, "与户主关系": "其他"}
    assert [n.code for n in rows_of(plan, {}, nameless).rows[1].notes] == ["person_may_repeat_row"]
    other = {"身份证号码": a_number(date(1990, 5, 1), 11), "出生日期": None, "与户主关系": "子"}
    assert verdicts(rows_of(plan, {}, other)) == ["create", "create"]


def test_a_second_head_of_one_household_is_named(plan: Import) -> None:
    header = ("户号", *HEADER)
    rows = [["7", *[{**GOOD, **said}.get(title) for title in HEADER]]
            for said in ({}, {"姓名": "示二", "身份证号码": None, "出生日期": None})]  # fmt: skip
    made = plan(xlsx(header, *rows))
    assert [n.code for n in made.rows[1].notes] == ["second_head"]


def test_every_message_says_something_and_every_fault_has_one() -> None:
    assert ROW.keys() >= REFUSES
    assert ROW.keys() >= REMARKS
    assert not REFUSES & REMARKS
    with override("en"):
        said = {code: str(phrase) for code, phrase in {**FILE, **ROW}.items()}
    for code, phrase in said.items():
        assert phrase.endswith((".", "%(reason)s")), code
