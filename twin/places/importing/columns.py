"""Which column of a file is which of our fields: as the sender says, else by the names that are usual."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twin.places.importing.notes import FileRefused
from twin.places.importing.numbers import is_nothing
from twin.places.importing.synonyms import FIELDS
from twin.places.importing.table import Table

SOURCE_ID = "source_id"


@dataclass(slots=True)
class Columns:
    """of: our field -> columns of the file, the first with a value counts. constants: our field -> the same for all rows."""

    of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    stated: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        return name in self.of or name in self.constants

    def cell(self, table: Table, row: int, name: str) -> Any:
        """The value of our field in a row, None for nothing."""
        if name in self.constants:
            return self.constants[name]
        for column in self.of.get(name, ()):
            value = table.columns[column][row]
            if not is_nothing(value):
                return value
        return None


def columns_of(table: Table, kind: str, stated: Mapping[str, str], constants: Mapping[str, str]) -> Columns:
    """Raises FileRefused for fields that do not exist and columns that the file has not."""
    known = FIELDS[kind]
    _require_known([*stated, *constants], known)
    found: dict[str, tuple[str, ...]] = {}
    for name, synonyms in known.items():
        if name in stated or name in constants:
            continue
        usual = tuple(usual_columns(table, synonyms))
        if usual:
            found[name] = usual
    for name, column in stated.items():
        if not column or name == SOURCE_ID:
            continue
        found[name] = (column_named(table, column),)
    read = {column for columns in found.values() for column in columns}
    return Columns(
        found,
        dict(constants),
        frozenset(stated),
        tuple(column for column in table.columns if column not in read),
    )


def column_named(table: Table, wanted: str) -> str:
    if wanted in table.columns:
        return wanted
    same = [column for column in table.columns if _plain(column) == _plain(wanted)]
    if len(same) != 1:
        raise FileRefused(
            "no_such_column", where="fields", column=wanted, columns=", ".join(table.columns) or "-"
        )
    return same[0]


def usual_columns(table: Table, synonyms: Iterable[str]) -> list[str]:
    """The columns that have one of these names, in the order of the names; a name that was cut off may go on as one."""
    by_plain = {_plain(column): column for column in reversed(list(table.columns))}
    cut = {_plain(column): column for column in table.cut_names}
    found: dict[str, None] = {}
    for word in map(_plain, synonyms):
        if word in by_plain:
            found.setdefault(by_plain[word])
        else:
            found.update(dict.fromkeys(column for start, column in cut.items() if word.startswith(start)))
    return list(found)


def _require_known(names: Iterable[str], known: Mapping[str, Any]) -> None:
    for name in names:
        if name not in known and name != SOURCE_ID:
            raise FileRefused(
                "no_such_field", where="fields", field=name, fields=", ".join([SOURCE_ID, *known])
            )


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in text if letter not in " _:-./\u3000")
