from __future__ import annotations

from datetime import date

import pytest

from twin.people.masking import age_on, masked_identity, masked_name, masked_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王明", "王**"),
        ("王小明", "王**"),
        ("欧阳娜娜", "欧阳**"),
        ("司马", "司**"),
        ("John Smith", "J**"),
        ("李", "李**"),
        ("", ""),
    ],
)
def test_of_a_name_the_surname_is_told_and_not_how_long_it_is(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001234", "138****1234"),
        ("+4915112345678", "491****5678"),
        ("62345678", "****78"),
        ("12345", "****45"),
        ("", ""),
    ],
)
def test_of_a_phone_both_ends_are_told(phone: str, masked: str) -> None:
    assert masked_phone(phone) == masked


def test_of_an_identity_number_two_characters_are_told() -> None:
    assert masked_identity("31010119380412001X") == "3****************X"
    assert masked_identity("E123") == "****"
    assert masked_identity("") == ""


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 4, 11), 87), (date(2026, 4, 12), 88), (date(2026, 12, 31), 88)]
)
def test_an_age_grows_on_the_birthday(day: date, age: int) -> None:
    assert age_on(day, date(1938, 4, 12)) == age


def test_who_was_born_on_29_february_grows_older_in_march() -> None:
    assert age_on(date(2026, 2, 28), date(2000, 2, 29)) == 25
    assert age_on(date(2026, 3, 1), date(2000, 2, 29)) == 26
    assert age_on(date(2026, 3, 1), None) is None
