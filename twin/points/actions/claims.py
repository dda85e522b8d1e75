"""Claims: what residents and field staff say was done, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from twin.access.roles import MAY_PROPOSE_POINTS
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible, TooLarge
from twin.base.events import emit
from twin.base.photos import CleanPhoto
from twin.base.verbs import verb
from twin.people.models import Household, Person
from twin.points.actions.rights import acts_for, demand_impartial_runner, holds_at
from twin.points.actions.scheme import scheme_of
from twin.points.actions.terms import (
    check_cap,
    check_fits,
    moment_of_deed,
    points_under,
    short,
    version_at,
    waiting_claims,
)
from twin.points.actions.writing import hold_account, write_entry
from twin.points.events import ClaimAudited, ClaimFiled, ClaimWithdrawn
from twin.points.models import Claim, ClaimPhoto, Entry, Rule, RuleVersion

MOST_PHOTOS = 4


@verb
def file_claim(
    *,
    household: Household,
    rule: Rule,
    by: User,
    happened_at: datetime | None = None,
    note: str = "",
    person: Person | None = None,
    photos: Sequence[CleanPhoto] = (),
) -> Claim:
    """Say that a household did something. A rule that needs no audit gives its points at once.

    Residents claim for their own household; field staff for those below their place, and they may report breaches too. Raises
    NotVisible for others, Invalid for a deed that is too long ago or lacks its photo, Conflict when the cap is reached.
    """
    own = _demand_claimant(by, household)
    check_fits(household, rule, person)
    moment = moment_of_deed(happened_at)
    version = version_at(rule, moment)
    if version.is_breach and own:
        raise Invalid("Breaches are reported by the community.", where="rule", code="rule_is_a_breach")
    _check_evidence(household, version, moment, photos)
    hold_account(household=household)
    waiting = waiting_claims(household, version, moment)
    check_cap(household, version, moment, version.least, waiting)
    claim = Claim.objects.create(
        community_id=household.community_id,
        household=household,
        person=person or (by.person if own else None),  # type: ignore[attr-defined]
        version=version,
        happened_at=moment,
        note=short(note, where="note"),
        filed_by=by,
    )
    _keep_photos(claim, photos)
    entry = None if version.needs_audit else _accept(claim, version.least, None)
    emit(
        ClaimFiled(
            community_id=claim.community_id,
            claim_id=claim.pk,
            household_id=household.pk,
            entry_id=entry.pk if entry else None,
        )
    )
    return claim


@verb
def audit_claim(
    *, claim: Claim, by: User, accept: bool, points: int | None = None, reason: str = ""
) -> Claim:
    """Decide on a claim: accept it, with points where the rule leaves them open, or refuse it with a reason.

    Raises NotVisible for who does not run the points, Invalid for points outside the rule's range or a refusal without a
    reason, Conflict for one's own household, for a claim that has been decided, and when the cap is reached.
    """
    demand_impartial_runner(by, claim.household)
    hold_account(household=claim.household)
    current = _held(claim)
    entry = None
    if accept:
        given = points_under(current.version, points)
        check_cap(current.household, current.version, current.happened_at, given)
        entry = _accept(current, given, by)
    else:
        _decide(current, Claim.State.REFUSED, by, short(reason, where="reason", most=200, needed=True))
    emit(
        ClaimAudited(
            community_id=current.community_id,
            claim_id=current.pk,
            household_id=current.household_id,
            entry_id=entry.pk if entry else None,
        )
    )
    return current


@verb
def withdraw_claim(*, claim: Claim, by: User) -> Claim:
    """Take a claim back while nobody has decided it: who filed it, or the household itself."""
    if claim.filed_by_id != by.pk and not acts_for(scope_of(by), claim.household):
        raise NotVisible("There is nothing here for you.")
    hold_account(household=claim.household)
    current = _held(claim)
    _decide(current, Claim.State.WITHDRAWN, by, "")
    emit(
        ClaimWithdrawn(
            community_id=current.community_id, claim_id=current.pk, household_id=current.household_id
        )
    )
    return current


def _demand_claimant(by: User, household: Household) -> bool:
    """Whether it is the user's own household. Raises NotVisible for who may not claim for it."""
    scope = scope_of(by)
    own = acts_for(scope, household)
    if not own and not holds_at(scope, MAY_PROPOSE_POINTS, household):
        raise NotVisible("There is nothing here for you.")
    return own


def _check_evidence(
    household: Household, version: RuleVersion, moment: datetime, photos: Sequence[CleanPhoto]
) -> None:
    days = scheme_of(community=household.community).claim_days
    if moment < timezone.now() - timedelta(days=days):
        raise Invalid("Claim within %(days)s days.", days=days, where="happened_at", code="claim_too_late")
    if version.needs_photo and not photos:
        raise Invalid("This rule needs a photo.", where="photos", code="photo_needed")
    if len(photos) > MOST_PHOTOS:
        raise TooLarge("At most %(most)s photos.", most=MOST_PHOTOS, where="photos", code="too_many_photos")


def _keep_photos(claim: Claim, photos: Sequence[CleanPhoto]) -> None:
    """Store the files, under names that say nothing. What is stored for nothing because the transaction fails later is found
    and removed by `forget_photos`."""
    for photo in photos:
        kept = ClaimPhoto(
            claim=claim, received_sha256=photo.received_sha256, width=photo.width, height=photo.height
        )
        kept.file.save(f"{uuid4().hex}.jpg", ContentFile(photo.content), save=False)
        kept.save()


def _held(claim: Claim) -> Claim:
    """The claim as it is now, held with its account. Raises Conflict once it is decided."""
    rows = Claim.objects.select_related("version", "household__community")
    current: Claim = rows.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if current.state != Claim.State.FILED:
        raise Conflict("This claim has been decided already.", code="already_decided")
    return current


def _accept(claim: Claim, points: int, by: User | None) -> Entry:
    entry = write_entry(
        household=claim.household,
        kind=Entry.Kind.BREACH if points < 0 else Entry.Kind.AWARD,
        points=points,
        happened_at=claim.happened_at,
        version=claim.version,
        person=claim.person,
        evidence=claim.note,
        auditor=by,
        claim=claim,
    )
    _decide(claim, Claim.State.ACCEPTED, by, "")
    return entry


def _decide(claim: Claim, state: str, by: User | None, reason: str) -> None:
    claim.state, claim.decided_by, claim.decided_at, claim.reason = state, by, timezone.now(), reason
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason"])
