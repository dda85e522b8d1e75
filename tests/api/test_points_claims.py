from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.base.test_photos import SECRET, with_exif
from tests.points.homes import a_resident, ledger
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base import photos
from twin.people.models import Household
from twin.points.models import Claim, ClaimPhoto, Rule


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def a_file(
    name: str = "照片.jpg", content: bytes | None = None, kind: str = "image/jpeg"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, with_exif() if content is None else content, content_type=kind)


def file(client: Client, household: Household, rule: Rule, *files: SimpleUploadedFile, **said: Any) -> Any:
    form = {"household": household.pk, "rule": rule.pk, "photos": list(files), **said}
    return client.post("/api/points/claims/", form)


def code_of(answer: Any) -> tuple[int, str, str | None]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("where")


def test_a_resident_files_a_claim_with_a_photo_and_the_clerk_decides(
    as_: Any, household: Household, clean_up: Rule, resident: User, clerk: User
) -> None:
    filed = file(as_(resident), household, clean_up, a_file(), note="清扫楼道")
    assert filed.status_code == 201
    claim = filed.json()
    assert (claim["state"], claim["note"], claim["called"], claim["filed_by_me"]) == (
        "filed", "清扫楼道", "王**", True,
    )  # fmt: skip
    assert (claim["filed_by"], claim["may_decide"], claim["photos"][0]["seen_before"]) == (None, False, None)
    [waiting] = as_(clerk).get("/api/points/claims/?state=filed").json()["results"]
    assert (waiting["may_decide"], waiting["filed_by"], waiting["address"]) == (
        True, str(resident), "海棠路100弄1号楼1单元501室",
    )  # fmt: skip
    decided = as_(clerk).post(
        f"/api/points/claims/{claim['id']}/audit/", {"accept": True}, content_type="application/json"
    )
    assert (decided.json()["state"], decided.json()["points"], ledger(household)) == ("accepted", 2, [2])
    again = as_(clerk).post(
        f"/api/points/claims/{claim['id']}/audit/",
        {"accept": False, "reason": "x"},
        content_type="application/json",
    )
    assert code_of(again)[:2] == (409, "already_decided")


def test_a_claim_without_photos_may_come_as_json(
    as_: Any, household: Household, clean_up: Rule, resident: User
) -> None:
    answer = as_(resident).post(
        "/api/points/claims/",
        {"household": household.pk, "rule": clean_up.pk},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["photos"]) == (201, [])


def test_a_refusal_says_why_to_the_resident(
    as_: Any, household: Household, clean_up: Rule, resident: User, clerk: User
) -> None:
    claim = file(as_(resident), household, clean_up).json()["id"]
    silent = as_(clerk).post(
        f"/api/points/claims/{claim}/audit/", {"accept": False}, content_type="application/json"
    )
    assert code_of(silent) == (400, "reason_needed", "reason")
    as_(clerk).post(
        f"/api/points/claims/{claim}/audit/",
        {"accept": False, "reason": "不是本小区"},
        content_type="application/json",
    )
    told = as_(resident).get(f"/api/points/claims/{claim}/").json()
    assert (told["state"], told["reason"]) == ("refused", "不是本小区")


def test_a_claim_sent_twice_is_filed_once(
    as_: Any, household: Household, clean_up: Rule, resident: User
) -> None:
    said = {"client_id": str(uuid4()), "note": "一次"}
    first, second = (file(as_(resident), household, clean_up, a_file(), **said) for _ in range(2))
    assert first.json() == second.json()
    assert Claim.objects.count() == ClaimPhoto.objects.count() == 1
    other = file(as_(resident), household, clean_up, **said)
    assert other.status_code == 409


def test_a_claim_is_taken_back(as_: Any, household: Household, clean_up: Rule, resident: User) -> None:
    claim = file(as_(resident), household, clean_up).json()["id"]
    assert as_(resident).post(f"/api/points/claims/{claim}/withdraw/").json()["state"] == "withdrawn"


def test_nobody_claims_for_others(
    as_: Any, household: Household, neighbours: Household, clean_up: Rule, in_role: Callable[..., User]
) -> None:
    for by in (a_resident(neighbours, "李四"), in_role(RoleKind.PLANNER), in_role(RoleKind.WALL)):
        assert file(as_(by), household, clean_up).status_code == 404
    assert not Claim.objects.exists()


# Photos


@pytest.fixture
def photo(as_: Any, household: Household, clean_up: Rule, resident: User) -> str:
    """The address of a photo of a claim."""
    address: str = file(as_(resident), household, clean_up, a_file()).json()["photos"][0]["url"]
    return address


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_photo_is_served_as_a_picture_that_says_nothing_else(as_: Any, photo: str, resident: User) -> None:
    answer = as_(resident).get(photo)
    content = content_of(answer)
    assert SECRET not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_photo_is_for_who_may_see_the_claim(
    as_: Any, photo: str, neighbours: Household, clerk: User, in_role: Callable[..., User], client: Client
) -> None:
    for viewer in (clerk, in_role(RoleKind.AUDITOR)):
        assert as_(viewer).get(photo).status_code == 200
    for viewer in (a_resident(neighbours, "李四"), in_role(RoleKind.DUTY_OFFICER), in_role(RoleKind.WALL)):
        assert as_(viewer).get(photo).status_code == 404
    client.logout()
    assert client.get(photo).status_code == 401


def test_a_photo_that_is_kept_no_more_is_gone(as_: Any, photo: str, resident: User) -> None:
    ClaimPhoto.objects.get().file.storage.delete(ClaimPhoto.objects.get().file.name)
    assert as_(resident).get(photo).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("x.html", b"<html><script>alert(1)</script></html>", "text/html"),
        ("x.jpg", b"<html><script>alert(1)</script></html>", "image/jpeg"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        ("x.png", b"\x89PNG\r\n\x1a\n", "image/png"),
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(
    as_: Any, household: Household, clean_up: Rule, resident: User, name: str, content: bytes, kind: str
) -> None:
    answer = file(as_(resident), household, clean_up, a_file(), a_file(name, content, kind))
    assert code_of(answer) == (400, "no_photo", "photos[1]")
    assert not Claim.objects.exists()


def test_too_many_and_too_large_photos_are_refused(
    as_: Any, household: Household, clean_up: Rule, resident: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = file(as_(resident), household, clean_up, *[a_file() for _ in range(5)])
    assert code_of(many) == (413, "too_many_photos", "photos")
    monkeypatch.setattr("twin.api.points_claims.MOST_BYTES", 1_000)
    large = file(as_(resident), household, clean_up, a_file())
    assert code_of(large) == (413, "photo_too_large", "photos[0]")
    monkeypatch.undo()
    monkeypatch.setattr(photos, "MOST_PIXELS", 1_000)
    wide = file(as_(resident), household, clean_up, a_file())
    assert code_of(wide) == (413, "photo_too_large", "photos[0]")


def test_the_auditor_is_told_when_a_photo_came_before(
    as_: Any, household: Household, neighbours: Household, clean_up: Rule, resident: User, clerk: User
) -> None:
    for home, by in ((household, resident), (neighbours, a_resident(neighbours, "李四"))):
        file(as_(by), home, clean_up, a_file(), a_file("b.jpg", with_exif(orientation=3)))
    file(as_(resident), household, clean_up, a_file("c.jpg", with_exif(orientation=6)))
    rows = as_(clerk).get("/api/points/claims/").json()["results"]
    assert [[photo["seen_before"] for photo in row["photos"]] for row in rows] == [
        [False],
        [True, True],
        [True, True],
    ]
