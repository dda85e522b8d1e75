from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from tests.points.homes import a_class, a_resident, a_rule, balance, ledger, person_of
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible, TooLarge
from twin.base.events import Event
from twin.base.photos import CleanPhoto, clean_photo
from twin.people.models import Household
from twin.points.actions import (
    audit_claim,
    award,
    change_scheme,
    file_claim,
    forget_photos,
    publish_rule,
    reverse_entry,
    withdraw_claim,
)
from twin.points.events import ClaimAudited, ClaimFiled, ClaimWithdrawn
from twin.points.models import Claim, ClaimPhoto, Entry, Rule
from twin.points.sweeping import sweep_photos


def a_photo(colour: str = "green") -> CleanPhoto:
    written = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(written, "JPEG")
    return clean_photo(written.getvalue())


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "claims"


@pytest.fixture
def claim(household: Household, clean_up: Rule, resident: User) -> Claim:
    return file_claim(household=household, rule=clean_up, by=resident, note="扫了楼道", photos=[a_photo()])


def test_a_claim_waits_and_then_gives_its_points(
    household: Household, clean_up: Rule, resident: User, clerk: User, told: list[Event]
) -> None:
    claim = file_claim(household=household, rule=clean_up, by=resident, note="扫了  楼道", photos=[a_photo()])
    assert (claim.state, claim.note, claim.person) == ("filed", "扫了 楼道", person_of(resident))
    assert ledger(household) == []
    decided = audit_claim(claim=claim, by=clerk, accept=True)
    assert (decided.state, decided.decided_by) == ("accepted", clerk)
    entry = Entry.objects.get()
    assert (entry.points, entry.claim, entry.auditor, entry.person) == (2, claim, clerk, person_of(resident))
    assert (entry.happened_at, entry.evidence) == (claim.happened_at, "扫了 楼道")
    about = {"community_id": household.community_id, "claim_id": claim.pk, "household_id": household.pk}
    assert told == [ClaimFiled(**about, entry_id=None), ClaimAudited(**about, entry_id=entry.pk)]


def test_a_rule_that_needs_no_audit_gives_its_points_at_once(
    household: Household, sorting: Rule, resident: User, told: list[Event]
) -> None:
    claim = file_claim(household=household, rule=sorting, by=resident)
    assert (claim.state, claim.decided_by) == ("accepted", None)
    assert (balance(household), Entry.objects.get().auditor) == (1, None)
    assert len(told) == 1


def test_a_refusal_says_why_and_gives_nothing(claim: Claim, clerk: User, household: Household) -> None:
    with pytest.raises(Invalid) as refusal:
        audit_claim(claim=claim, by=clerk, accept=False)
    assert refusal.value.where == "reason"
    decided = audit_claim(claim=claim, by=clerk, accept=False, reason="照片看不清")
    assert (decided.state, decided.reason, ledger(household)) == ("refused", "照片看不清", [])


@pytest.mark.parametrize("accept", [True, False])
def test_a_claim_is_decided_once(claim: Claim, clerk: User, household: Household, accept: bool) -> None:
    audit_claim(claim=claim, by=clerk, accept=True)
    with pytest.raises(Conflict) as refusal:
        audit_claim(claim=claim, by=clerk, accept=accept, reason="再看")
    assert refusal.value.code == "already_decided"
    assert ledger(household) == [2]


def test_a_range_is_decided_by_the_auditor(
    household: Household, merit: Rule, resident: User, clerk: User
) -> None:
    claim = file_claim(household=household, rule=merit, by=resident)
    with pytest.raises(Invalid):
        audit_claim(claim=claim, by=clerk, accept=True, points=161)
    audit_claim(claim=claim, by=clerk, accept=True, points=120)
    assert ledger(household) == [120]


def test_a_claim_is_audited_by_what_the_rule_said_when_the_deed_was_done(
    claim: Claim, clean_up: Rule, clerk: User, household: Household
) -> None:
    publish_rule(
        community=household.community,
        code="clean_up",
        kind=a_class(household.community),
        name="new",
        least=9,
        most=9,
        by=None,
    )
    audit_claim(claim=claim, by=clerk, accept=True)
    assert ledger(household) == [2]


def test_a_claim_may_be_taken_back_while_nobody_has_decided(
    claim: Claim, resident: User, clerk: User, household: Household, told: list[Event]
) -> None:
    other = a_resident(household, "王小红", role="spouse")
    assert withdraw_claim(claim=claim, by=other).state == "withdrawn"
    assert isinstance(told[-1], ClaimWithdrawn)
    with pytest.raises(Conflict):
        withdraw_claim(claim=claim, by=resident)
    with pytest.raises(Conflict):
        audit_claim(claim=claim, by=clerk, accept=True)


# Who may


def test_residents_claim_for_their_own_household_only(
    neighbours: Household, clean_up: Rule, resident: User
) -> None:
    with pytest.raises(NotVisible):
        file_claim(household=neighbours, rule=clean_up, by=resident)


def test_who_has_moved_out_claims_no_more(household: Household, clean_up: Rule, resident: User) -> None:
    from twin.people.actions import end_residence

    end_residence(residence=person_of(resident).residences.get())
    with pytest.raises(NotVisible):
        file_claim(household=household, rule=clean_up, by=resident)


def test_field_staff_report_deeds_and_breaches_below_their_place(
    household: Household,
    across: Household,
    clean_up: Rule,
    ebike: Rule,
    clerk: User,
    in_role: Callable[..., User],
) -> None:
    worker = in_role(RoleKind.GRID_WORKER, grid=household.dwelling.building.grid)
    head = in_role(RoleKind.STAIRWELL_HEAD, unit=household.dwelling.unit)
    file_claim(household=household, rule=clean_up, by=head)
    breach = file_claim(household=household, rule=ebike, by=worker, note="3月电梯口", photos=[a_photo()])
    assert breach.person is None
    for by in (worker, head):
        with pytest.raises(NotVisible):
            file_claim(household=across, rule=clean_up, by=by)
    audit_claim(claim=breach, by=clerk, accept=True)
    assert (ledger(household), Entry.objects.get().kind) == ([-5], "breach")


def test_residents_report_no_breach_of_their_own(household: Household, ebike: Rule, resident: User) -> None:
    with pytest.raises(Invalid) as refusal:
        file_claim(household=household, rule=ebike, by=resident)
    assert refusal.value.code == "rule_is_a_breach"


@pytest.mark.parametrize(
    "kind", [RoleKind.WALL, RoleKind.DUTY_OFFICER, RoleKind.PLANNER, RoleKind.AUDITOR, RoleKind.RESIDENT]
)
def test_others_file_and_audit_nothing(
    household: Household, clean_up: Rule, claim: Claim, in_role: Callable[..., User], kind: str
) -> None:
    by = in_role(kind)
    for attempt in (
        lambda: file_claim(household=household, rule=clean_up, by=by),
        lambda: audit_claim(claim=claim, by=by, accept=True),
        lambda: withdraw_claim(claim=claim, by=by),
    ):
        with pytest.raises(NotVisible):
            attempt()


def test_nobody_audits_the_own_household(claim: Claim, resident: User) -> None:
    grant_role(user=resident, kind=RoleKind.COMMUNITY_ADMIN, community=claim.community)
    with pytest.raises(Conflict) as refusal:
        audit_claim(claim=claim, by=resident, accept=True)
    assert refusal.value.code == "own_household"


def seen_by(user: User) -> set[int]:
    from twin.access.gate import visible
    from twin.access.scopes import scope_of

    return set(visible(Claim.objects.all(), to=scope_of(user)).values_list("pk", flat=True))


def test_a_report_of_a_breach_is_seen_by_who_made_it_and_who_audits(
    claim: Claim, household: Household, ebike: Rule, resident: User, clerk: User, in_role: Callable[..., User]
) -> None:
    grid = household.dwelling.building.grid
    worker, head = in_role(RoleKind.GRID_WORKER, grid=grid), in_role(RoleKind.GRID_HEAD, grid=grid)
    breach = file_claim(household=household, rule=ebike, by=worker)
    assert seen_by(resident) == {claim.pk}
    assert seen_by(worker) == {breach.pk}
    assert seen_by(head) == set()
    assert seen_by(clerk) == seen_by(in_role(RoleKind.AUDITOR)) == {claim.pk, breach.pk}


# What a claim needs


def test_a_rule_may_need_a_photo(household: Household, resident: User) -> None:
    rule = a_rule(household.community, "manhole", 3, needs_photo=True)
    with pytest.raises(Invalid) as refusal:
        file_claim(household=household, rule=rule, by=resident)
    assert (refusal.value.code, refusal.value.where) == ("photo_needed", "photos")
    file_claim(household=household, rule=rule, by=resident, photos=[a_photo()])


def test_there_are_not_too_many_photos(household: Household, clean_up: Rule, resident: User) -> None:
    with pytest.raises(TooLarge):
        file_claim(household=household, rule=clean_up, by=resident, photos=[a_photo()] * 5)


def test_a_deed_is_claimed_within_the_days_that_were_agreed_on(
    household: Household, clean_up: Rule, resident: User
) -> None:
    change_scheme(community=household.community, claim_days=3, by=None)
    long_ago = timezone.now() - timedelta(days=3, minutes=1)
    with pytest.raises(Invalid) as refusal:
        file_claim(household=household, rule=clean_up, by=resident, happened_at=long_ago)
    assert refusal.value.code == "claim_too_late"
    file_claim(household=household, rule=clean_up, by=resident, happened_at=long_ago + timedelta(hours=1))


def test_claims_that_wait_count_towards_the_cap(household: Household, resident: User, clerk: User) -> None:
    rule = a_rule(household.community, "guide", 3, cap_times=2, cap_period="month")
    now = timezone.now()
    award(household=household, rule=rule, by=None, happened_at=now)
    waiting = file_claim(household=household, rule=rule, by=resident, happened_at=now)
    with pytest.raises(Conflict) as refusal:
        file_claim(household=household, rule=rule, by=resident, happened_at=now)
    assert refusal.value.code == "cap_reached"
    audit_claim(claim=waiting, by=clerk, accept=False, reason="没有")
    file_claim(household=household, rule=rule, by=resident, happened_at=now)


def test_a_claim_that_waited_too_long_may_find_the_cap_reached(
    household: Household, resident: User, clerk: User
) -> None:
    rule = a_rule(household.community, "guide", 3, cap_times=1, cap_period="month")
    now = timezone.now()
    waiting = file_claim(household=household, rule=rule, by=resident, happened_at=now)
    entry = award(household=household, rule=rule, by=None, happened_at=now)
    with pytest.raises(Conflict):
        audit_claim(claim=waiting, by=clerk, accept=True)
    reverse_entry(entry=entry, by=None, reason="记重了")
    audit_claim(claim=waiting, by=clerk, accept=True)
    assert ledger(household) == [3, -3, 3]


# Photos


def test_what_is_kept_of_a_photo_is_a_clean_jpeg_under_a_name_that_says_nothing(
    claim: Claim, uploads: Path
) -> None:
    photo = claim.photos.get()
    [stored] = uploads.iterdir()
    assert stored.read_bytes() == a_photo().content
    assert stored.stem.isalnum()
    assert len(stored.stem) == 32
    assert (photo.width, photo.height, bytes(photo.received_sha256)) == (64, 48, a_photo().received_sha256)


def days_from_now(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_photos_are_kept_for_a_while_after_the_decision(
    claim: Claim, clerk: User, uploads: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert forget_photos(community=claim.community, now=days_from_now(4000)) == 0  # nobody has decided
    audit_claim(claim=claim, by=clerk, accept=True)
    assert forget_photos(community=claim.community, now=days_from_now(179)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_photos(community=claim.community, now=days_from_now(181)) == 1
    assert list(uploads.iterdir()) == []
    photo = ClaimPhoto.objects.get()
    assert (photo.file.name, bytes(photo.received_sha256)) == ("", a_photo().received_sha256)
    assert forget_photos(community=claim.community, now=days_from_now(181)) == 0


def test_files_that_belong_to_nothing_are_swept_away(claim: Claim, uploads: Path) -> None:
    from django.core.files.base import ContentFile

    default_storage.save("claims/lost.jpg", ContentFile(b"x"))
    assert sweep_photos() == 0  # its claim may be on its way
    assert sweep_photos(now=days_from_now(2)) == 1
    assert [path.name for path in uploads.iterdir()] == [Path(str(claim.photos.get().file.name)).name]
