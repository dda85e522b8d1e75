"""Model fields for sealed text and for its blind indexes.

A row never opens itself: whoever needs the text says so with `text_of()`, so that no serializer, template or log prints it
by accident. Writers use `sealed_columns()`, which gives the sealed value and every index of it at once. The value is bound
to the row's id, so ids are drawn before the rows are written: `new_ids()`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, models

from twin.base.sealing import blind_index, seal, unseal

LAST_4 = "last4"
WHOLE = "whole"


class SealedField(models.BinaryField):
    """A text at rest under AES-256-GCM, bound to its table, column and row; null where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "editable": False, **kwargs})


class BlindIndexField(models.BinaryField):
    """What finds a sealed text: the index of the whole of it, or of its last four characters. Its own per community."""

    def __init__(self, *args: Any, of: str = "", part: str = WHOLE, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "editable": False, **kwargs})
        self.of = of
        self.part = part

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "part": self.part}

    def index_of(self, text: str, community_id: int) -> bytes:
        said = text[-4:] if self.part == LAST_4 else text
        return blind_index(said, purpose=f"{self.model._meta.db_table}.{self.column}:{community_id}")


def sealed_fields(model: type[models.Model]) -> Iterator[SealedField]:
    yield from (field for field in model._meta.concrete_fields if isinstance(field, SealedField))


def index_fields(model: type[models.Model], of: str) -> Iterator[BlindIndexField]:
    for field in model._meta.concrete_fields:
        if isinstance(field, BlindIndexField) and field.of == of:
            yield field


def sealed_columns(
    model: type[models.Model], *, row_id: int, community_id: int, texts: Mapping[str, str]
) -> dict[str, bytes | None]:
    """The values to write for these sealed fields of a row, and for every index of them; an empty text is null."""
    columns: dict[str, bytes | None] = {}
    for name, text in texts.items():
        field = model._meta.get_field(name)
        columns[name] = seal(text, bound_to=_place(field, row_id)) if text else None
        for index in index_fields(model, name):
            columns[index.name] = index.index_of(text, community_id) if text else None
    return columns


def text_of(row: models.Model, name: str) -> str:
    """The text of a sealed field; empty where there is none. Raises Unreadable when no key opens it."""
    sealed = getattr(row, name)
    return unseal(sealed, bound_to=_place(row._meta.get_field(name), row.pk)) if sealed is not None else ""


def index_for(model: type[models.Model], name: str, text: str, community_id: int) -> bytes:
    """What the index field `name` holds for rows whose text is `text` (of its part: the last four, or the whole)."""
    field = model._meta.get_field(name)
    assert isinstance(field, BlindIndexField)
    return field.index_of(text, community_id)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that nobody else will get, in ascending order, for rows that are about to be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _place(field: Any, row_id: int) -> str:
    return f"{field.model._meta.db_table}.{field.column}:{row_id}"
