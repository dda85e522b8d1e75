"""What is written about rosters names every column and every fault that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.people.roster.messages import FILE, REFUSES, REMARKS, ROW
from twin.people.roster.synonyms import FIELDS

WRITTEN = (Path(__file__).parents[3] / "docs" / "rosters.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FIELDS, *FILE, *ROW])
def test_every_column_and_every_fault_is_explained(name: str) -> None:
    assert f"`{name}`" in WRITTEN


@pytest.mark.parametrize("code", sorted(ROW))
def test_what_is_written_of_a_row_is_what_becomes_of_it(code: str) -> None:
    [line] = [line for line in WRITTEN.splitlines() if f"`{code}`" in line and line.startswith("|")]
    assert line.endswith("| refused |") == (code in REFUSES)


def test_what_refuses_a_row_is_no_remark() -> None:
    assert not REFUSES & REMARKS
    assert ROW.keys() >= REFUSES | REMARKS
