"""Lines of ledgers as documents, each as far as the viewer may know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.api.points_documents import rule_named, words
from twin.base.scope import Scope
from twin.people.querysets import own_households
from twin.points.models import Entry
from twin.points.querysets import ledgers_of

Document = dict[str, Any]


def lines_of(entries: Iterable[Entry], scope: Scope) -> list[Document]:
    """Documents of entries that were read through the gate, with their rules. One query more for a resident."""
    rows = list(entries)
    whole = ledgers_of(scope)
    own = set(own_households(scope).values_list("household", flat=True)) if rows else set()
    return [_line(row, row.community_id in whole, row.household_id in own) for row in rows]


def _line(entry: Entry, runs: bool, own: bool) -> Document:
    redemption = getattr(entry, "redemption", None) if entry.kind == Entry.Kind.REDEMPTION else None
    return {
        "id": entry.pk,
        "household_id": entry.household_id,
        "kind": entry.kind,
        "points": entry.points,
        "rule": rule_named(entry.version),
        "reward": words(redemption.reward) if redemption else None,
        "happened_at": entry.happened_at,
        "written_at": entry.written_at,
        "evidence": entry.evidence if runs or own else None,
        "auditor": str(entry.auditor) if runs and entry.auditor else None,
        "reverses_id": entry.reverses_id if runs or own else None,
        "reversed": entry.reversed_by is not None if runs or own else None,  # type: ignore[attr-defined]
    }
