"""Sealing everything anew with the first key, and indexing it anew with the index key. It can be broken off and taken up
again: what has been done reads like what has not, as long as the old key is still in TWIN_FIELD_KEYS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from twin.base.canary import verse
from twin.base.models import KeyCanary
from twin.base.sealed_fields import index_fields, sealed_columns, sealed_fields, text_of
from twin.base.sealing import sealed_by_first_key

BATCH = 1000


def sealed_models() -> Iterator[type[models.Model]]:
    """Every table with sealed fields."""
    for model in apps.get_models():
        if any(sealed_fields(model)):
            yield model


def rotate(
    model: type[models.Model], *, index_too: bool, told: Callable[[int], None] = lambda _: None
) -> int:
    """Seal the rows of a table anew, those that are sealed with another key than the first; with `index_too` all of them,
    indexes included. One transaction for each thousand. Returns how many rows were written.

    Raises Unreadable for a value that no key opens: nothing of its thousand is written then.
    """
    written, after = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                model._base_manager.filter(pk__gt=after).order_by("pk").select_for_update(no_key=True)[:BATCH]
            )
            if not rows:
                return written
            stale = [row for row in rows if index_too or _is_stale(row)]
            _write(model, [(row.pk, _columns(row)) for row in stale])
        written, after = written + len(stale), rows[-1].pk
        told(written)


def renew_canary() -> None:
    """From now on this database is that of the present keys. To be called when everything has been rotated."""
    KeyCanary.objects.update_or_create(pk=1, defaults=verse())


def _is_stale(row: models.Model) -> bool:
    kept = (getattr(row, field.name) for field in sealed_fields(type(row)))
    return any(value is not None and not sealed_by_first_key(value) for value in kept)


def _columns(row: Any) -> dict[str, bytes | None]:
    texts = {field.name: text_of(row, field.name) for field in sealed_fields(type(row))}
    return sealed_columns(type(row), row_id=row.pk, community_id=row.community_id, texts=texts)


def _write(model: type[models.Model], rows: list[tuple[int, dict[str, bytes | None]]]) -> None:
    if not rows:
        return
    names = [field.name for field in sealed_fields(model)]
    names += [index.name for name in list(names) for index in index_fields(model, name)]
    columns = [model._meta.get_field(name).column for name in names]  # type: ignore[union-attr]
    assigned = ", ".join(f'"{column}" = %s' for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {model._meta.db_table} SET {assigned} WHERE id = %s",
            [(*(values[name] for name in names), row_id) for row_id, values in rows],
        )
