from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people.identities import a_number
from twin.base.errors import Invalid
from twin.people.identity_numbers import check_digit, read_identity_number

TODAY = date(2026, 5, 1)
KNOWN = "11010519491231002X"  # the example that is printed with the standard
BORN = st.dates(date(1900, 1, 1), TODAY)


def test_a_number_tells_area_birth_and_sex() -> None:
    read = read_identity_number(KNOWN, today=TODAY)
    assert (read.area, read.birth_date, read.sex) == ("110105", date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002X",
    ],
)
def test_what_a_hand_wrote_is_mended(text: str) -> None:
    assert read_identity_number(text, today=TODAY).number == KNOWN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "identity_form"),
        ("1101051949123100", "identity_form"),
        ("110105491231002", "identity_form"),  # fifteen digits, as until 1999
        ("01010519491231002X", "identity_form"),
        ("11010519491331002X", "identity_birth"),
        ("11010519490230002X", "identity_birth"),
        ("11010520990101002X", "identity_birth"),
        ("11010517490101002X", "identity_birth"),
        ("110105194912310021", "identity_check"),
    ],
)
def test_what_is_wrong_is_named_and_the_number_is_not_repeated(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_identity_number(text, today=TODAY)
    assert refusal.value.code == code
    assert not text or text not in str(refusal.value)


@given(born=BORN, serial=st.integers(0, 999))
def test_every_number_with_its_check_digit_is_read_back(born: date, serial: int) -> None:
    read = read_identity_number(a_number(born, serial), today=TODAY)
    assert (read.birth_date, read.sex) == (born, "male" if serial % 2 else "female")


@given(born=BORN, serial=st.integers(0, 999), place=st.integers(0, 17), digit=st.sampled_from("0123456789X"))
def test_one_wrong_digit_is_always_found(born: date, serial: int, place: int, digit: str) -> None:
    number = a_number(born, serial)
    wrong = number[:place] + digit + number[place + 1 :]
    if wrong != number:
        with pytest.raises(Invalid):
            read_identity_number(wrong, today=TODAY)


def test_the_check_digit_may_be_x() -> None:
    assert check_digit(KNOWN[:17]) == "X"
