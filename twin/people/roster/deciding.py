"""A clerk decides where a doubtful address is: it is remembered, and every row that waited for it comes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.runs import State
from twin.base.verbs import verb
from twin.people.events import RosterAddressDecided
from twin.people.models import RosterAddress, RosterRow, RosterRun
from twin.people.roster.applying import one_at_a_time, write_plan
from twin.people.roster.keeping import keep_settled, recount, waiting_rows
from twin.people.roster.plan import plan_waiting
from twin.people.roster.rows import Row, Verdict
from twin.places.actions import learn_alias
from twin.places.addresses.deciding import Lesson, lessons_of
from twin.places.addresses.gazetteer import Gazetteer, gazetteer_of, take_alias
from twin.places.addresses.reconciling import reconcile
from twin.places.models import AddressAlias, Community, Dwelling

Waiting = RosterAddress.State.WAITING


def lessons_for(address: RosterAddress, dwelling: Dwelling) -> list[Lesson]:
    """What may be learned when this address is that dwelling, the widest first. The last is the address only."""
    gazetteer = gazetteer_of(address.run.community)
    if dwelling.pk not in gazetteer.where_is:
        raise Invalid(
            "There is no such place in %(community)s.", community=address.run.community, where="dwelling"
        )
    return lessons_of(address.text, dwelling.pk, gazetteer)


@verb
def decide_address(
    *, address: RosterAddress, dwelling: Dwelling, learn: str = "address", by: User | None = None
) -> RosterAddress:
    """This address is that dwelling. learn: "address" for this one in rosters of this name; "building" or "compound" for the
    name in it, everywhere. Rows that waited for it come in, and with them those whose address is clear now.

    Raises Conflict for an address that does not wait any more, or whose roster was not applied yet; Invalid for a dwelling
    of another community, and for what cannot be learned from this address.
    """
    community = address.run.community
    current = _held(address)
    lesson = _lesson(lessons_for(current, dwelling), learn)
    source = current.run.source if lesson.covers == AddressAlias.Covers.ADDRESS else ""
    alias = learn_alias(community=community, lesson=replace(lesson, needs_source=False), source=source, by=by)
    gazetteer = gazetteer_of(community)
    take_alias(gazetteer, alias)
    _finish(current, RosterAddress.State.DECIDED, dwelling.pk, by, alias)
    _settle(current.run, [current], gazetteer)
    _settle_others(community, current, gazetteer, by)
    emit(RosterAddressDecided(community_id=community.pk, address_id=current.pk))
    return current


@verb
def leave_out_address(*, address: RosterAddress, by: User | None = None) -> RosterAddress:
    """This is no address of the community: its rows do not come in. Raises Conflict like `decide_address`."""
    current = _held(address)
    _finish(current, RosterAddress.State.LEFT_OUT, None, by, None)
    kept = list(RosterRow.objects.filter(address=current, verdict=Verdict.WAIT).select_for_update())
    for stored, row in zip(kept, waiting_rows(current.run, kept), strict=True):
        row.note("left_out_by_clerk", "address" if "address" in row.columns else "room", text=current.text)
        keep_settled(stored, row)
    recount(current.run)
    emit(RosterAddressDecided(community_id=current.run.community_id, address_id=current.pk))
    return current


def _held(address: RosterAddress) -> RosterAddress:
    one_at_a_time(address.run.community_id)
    current = (
        RosterAddress.objects.select_related("run__community")
        .select_for_update(of=("self",))
        .get(pk=address.pk)
    )
    if current.run.state != State.APPLIED:
        raise Conflict("Apply the roster first; then decide about the addresses that wait.")
    if current.state != Waiting:
        raise Conflict("This address does not wait any more.")
    return current


def _lesson(offered: Sequence[Lesson], learn: str) -> Lesson:
    wanted = {"address": "dwelling_id", "building": "building_id", "compound": "compound_id"}.get(learn)
    found = next((one for one in offered if wanted and getattr(one, wanted) is not None), None)
    if found is None:
        raise Invalid(
            "This cannot be learned from the address; decide about the address only.", where="learn"
        )
    return found


def _finish(
    address: RosterAddress, state: str, dwelling_id: int | None, by: User | None, alias: AddressAlias | None
) -> None:
    address.state, address.dwelling_id, address.alias = state, dwelling_id, alias
    address.decided_by, address.decided_at = by, timezone.now()
    address.save()


def _settle_others(
    community: Community, decided: RosterAddress, gazetteer: Gazetteer, by: User | None
) -> None:
    """Addresses that wait and are clear by what has been learned just now."""
    waiting = RosterAddress.objects.filter(run__community=community, run__state=State.APPLIED, state=Waiting)
    by_run: dict[int, list[RosterAddress]] = {}
    for address in waiting.exclude(pk=decided.pk).select_related("run__community").order_by("id"):
        match = reconcile(address.text, gazetteer, compound_id=address.compound_id, source=address.run.source)
        if match.dwelling_id is not None:
            _finish(address, RosterAddress.State.SETTLED, match.dwelling_id, by, decided.alias)
            by_run.setdefault(address.run_id, []).append(address)
    for addresses in by_run.values():
        _settle(addresses[0].run, addresses, gazetteer)


def _settle(run: RosterRun, addresses: Sequence[RosterAddress], gazetteer: Gazetteer) -> None:
    """The rows that waited for these addresses come in."""
    compound_id = addresses[0].compound_id
    rows = RosterRow.objects.filter(address__in=addresses, verdict=Verdict.WAIT).select_for_update()
    kept = list(rows.order_by("sheet", "number"))
    read: list[Row] = list(waiting_rows(run, kept))
    plan = plan_waiting(run.community, run.source, read, gazetteer, compound_id)
    meant = {address.pk: address.dwelling_id for address in addresses}
    if any(row.dwelling_id != meant[stored.address_id] for stored, row in zip(kept, read, strict=True)):  # type: ignore[index]
        raise Conflict("What was decided does not make this address clear; choose another dwelling.")
    write_plan(plan=plan, run_id=run.pk)
    for stored, row in zip(kept, read, strict=True):
        keep_settled(stored, row)
    recount(run)
