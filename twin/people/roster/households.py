"""Which rows of a roster are one household, and who is its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from twin.people.masking import masked_name
from twin.people.roster.rows import Row
from twin.places.addresses.text import without_remarks

HEAD = "head"


@dataclass(slots=True)
class Group:
    """A household of the roster. number: in the office's books, or nothing. moves: from another dwelling, with everybody."""

    index: int
    number: str
    rows: list[Row] = field(default_factory=list)
    dwelling_id: int | None = None
    household_id: int | None = None
    moves: bool = False

    @property
    def wanted(self) -> list[Row]:
        return [row for row in self.rows if row.is_wanted]


def group_rows(rows: Sequence[Row], *, tells_relations: bool) -> list[Group]:
    """Rows of one number in the books, else of one address; a second head at an address begins another household.

    Where no column tells relations, the first of a household is taken as its head.
    """
    groups: list[Group] = []
    by_number: dict[str, Group] = {}
    by_address: dict[tuple[str, str], Group] = {}
    for row in rows:
        number, address = row.said.household, place_said(row)
        group = by_number.get(number) if number else by_address.get(address) if row.said.address else None
        if group is None or (not number and row.said.relation == HEAD and head_of(group) is not None):
            group = Group(len(groups) + 1, number)
            groups.append(group)
        if number:
            by_number[number] = group
        by_address[address] = group
        _join(group, row, tells_relations)
    return groups


def place_said(row: Row) -> tuple[str, str]:
    """Compound and address as they are compared: the same however they are written."""
    return without_remarks(row.said.compound)[0], without_remarks(row.said.address)[0]


def head_of(group: Group) -> Row | None:
    return next((row for row in group.rows if row.said.relation == HEAD), None)


def _join(group: Group, row: Row, tells_relations: bool) -> None:
    if not tells_relations and not group.rows:
        row.said.relation = HEAD
    elif row.said.relation == HEAD and (head := head_of(group)) is not None:
        row.note("second_head", "relation", row=head.where)
    row.group = group.index
    group.rows.append(row)


def repeats(rows: Sequence[Row]) -> None:
    """Note people who come twice: by identity number, else by name and address."""
    by_number: dict[tuple[str, str], Row] = {}
    by_name: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        said = row.said
        first = by_number.setdefault((said.identity_kind, said.identity), row) if said.identity else row
        if first is not row:
            _repeats_number(row, first)
        if said.name and said.address:
            namesakes = by_name.setdefault((said.name, *place_said(row)), [])
            same = next((one for one in namesakes if _may_be_one(one, row)), None)
            if same is not None:
                row.note("person_may_repeat_row", "name", row=same.where)
            namesakes.append(row)


def _may_be_one(one: Row, other: Row) -> bool:
    """Nothing tells them apart: a number is missing, and the births are the same or not known."""
    if one.said.identity and other.said.identity:
        return False
    births = {one.said.birth_date, other.said.birth_date} - {None}
    return len(births) < 2


def _repeats_number(row: Row, first: Row) -> None:
    """Who is registered here and lives there is in two rows by right."""
    said, before = row.said, first.said
    if said.name != before.name:
        row.note("identity_repeats_row", "identity", row=first.where, name=masked_name(before.name))
    elif place_said(row) == place_said(first):
        row.note("person_repeats_row", "identity", row=first.where)
    elif not said.bases or not before.bases or set(said.bases) & set(before.bases):
        row.note("person_elsewhere_in_row", "identity", row=first.where)
