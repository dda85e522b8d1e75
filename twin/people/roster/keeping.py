"""What an import of a roster leaves in its tables: a row for every row of the file, and the addresses that wait."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count

from twin.base.notes import Note, storable
from twin.base.sealed_fields import new_ids, sealed_columns, text_of
from twin.people.models import RosterAddress, RosterRow, RosterRun
from twin.people.roster.header import Column
from twin.people.roster.placing import Places, address_of
from twin.people.roster.plan import RosterPlan
from twin.people.roster.rows import Row, Said, Verdict
from twin.places.actions.bulk import copy_rows

WRITTEN = (
    "id", "run", "sheet", "number", "group", "verdict", "address", "person_id", "household_id", "dwelling_id", "changes",
    "notes", "said_sealed",
)  # fmt: skip
OF_PLACING = frozenset({"address_doubtful", "address_is_no_home", "registered_elsewhere"})
"""Notes that are made anew when a row that waited is placed."""


def keep_rows(run: RosterRun, plan: RosterPlan) -> None:
    """Replace the rows and addresses of a run with those of a plan. Inside a verb only."""
    RosterRow.objects.filter(run=run)._raw_delete(RosterRow.objects.db)  # type: ignore[attr-defined]
    RosterAddress.objects.filter(run=run).delete()
    addresses = _keep_addresses(run, plan)
    ids = new_ids(RosterRow, len(plan.rows))
    rows = (
        _stored(run, row, row_id, addresses.get(address_of(row)) if row.verdict == Verdict.WAIT else None)
        for row, row_id in zip(plan.rows, ids, strict=True)
    )
    copy_rows(RosterRow, [RosterRow._meta.get_field(name) for name in WRITTEN], rows)  # type: ignore[misc]


def _keep_addresses(run: RosterRun, plan: RosterPlan) -> dict[str, int]:
    texts = dict.fromkeys(address_of(row) for row in plan.rows if row.verdict == Verdict.WAIT)
    kept = RosterAddress.objects.bulk_create(_address(run, text, plan.places) for text in texts)
    return {address.text: address.pk for address in kept}


def _address(run: RosterRun, text: str, places: Places) -> RosterAddress:
    match = places.match(text)
    candidates = list(match.candidates) or ([match.place] if match.place else [])
    return RosterAddress(
        run=run,
        text=text,
        compound_id=places.compound_id,
        confidence=match.confidence,
        reasons=[one.stored() for one in match.reasons],
        candidates=[
            {
                "building": found.building_id, "unit": found.unit_id, "dwelling": found.dwelling_id,
                "confidence": found.reasons.confidence, "reasons": [one.stored() for one in found.reasons.notes],
            }
            for found in candidates
        ],
    )  # fmt: skip


def _stored(run: RosterRun, row: Row, row_id: int, address_id: int | None) -> dict[str, Any]:
    said = json.dumps(row.said.stored(), ensure_ascii=False) if row.verdict == Verdict.WAIT else ""
    return {
        "id": row_id,
        "run_id": run.pk,
        "sheet": row.sheet,
        "number": row.number,
        "group": row.group,
        "verdict": str(row.verdict),
        "address_id": address_id,
        "person_id": row.person_id if row.is_wanted else None,
        "household_id": row.household_id if row.is_wanted else None,
        "dwelling_id": row.dwelling_id if row.is_wanted else None,
        "changes": storable(row.changes),
        "notes": [one.stored() for one in row.notes],
        **sealed_columns(
            RosterRow, row_id=row_id, community_id=run.community_id, texts={"said_sealed": said}
        ),
    }


def waiting_rows(run: RosterRun, kept: Iterable[RosterRow]) -> Iterator[Row]:
    """Rows of the table that wait, as they were when they were read."""
    sheets = {sheet["name"]: sheet["columns"] for sheet in run.report["read_as"]["sheets"]}
    for row in kept:
        columns = {name: Column.from_label(label) for name, label in sheets.get(row.sheet, {}).items()}
        notes = [
            Note(one["code"], {key: value for key, value in one.items() if key != "code"})
            for one in row.notes
            if one["code"] not in OF_PLACING
        ]
        said = Said.from_stored(json.loads(text_of(row, "said_sealed")))
        yield Row(row.sheet, row.number, columns, said=said, notes=notes, group=row.group)


def keep_settled(kept: RosterRow, row: Row) -> None:
    """What became of a row that waited; what it says is not kept any longer. Inside a verb only."""
    kept.verdict = row.verdict
    kept.notes = [one.stored() for one in row.notes]
    kept.changes = storable(row.changes)
    kept.person_id, kept.household_id, kept.dwelling_id = row.person_id, row.household_id, row.dwelling_id
    kept.said_sealed = None
    kept.save()


def recount(run: RosterRun) -> None:
    """The counts of a run after some of its rows became something else. Inside a verb only."""
    counted = Counter(
        dict(RosterRow.objects.filter(run=run).values_list("verdict").annotate(Count("pk")).order_by())
    )
    waiting = RosterAddress.objects.filter(run=run, state=RosterAddress.State.WAITING).count()
    verdicts = {verdict: counted.get(verdict, 0) for verdict in Verdict.values}
    run.report["counts"] = {**run.report["counts"], **verdicts, "addresses": waiting}
    run.save(update_fields=["report"])
