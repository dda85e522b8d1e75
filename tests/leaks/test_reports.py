"""Reports are asked by POST, so they are asked here: by everybody, with every field, as a table and as files."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.leaks.personal import FIELDS as OF_PEOPLE
from tests.leaks.reports import MAKERS, REPORT_FIELDS, RIGHTS
from tests.leaks.rules import may_be_told
from tests.leaks.world import World, build_world
from twin.access.roles import RoleKind
from twin.people.querysets import ResidenceQuerySet
from twin.places.models import Community, Grid
from twin.reports.field import ReportField
from twin.reports.registry import FIELDS

pytestmark = pytest.mark.django_db(transaction=True)

KNOWS_OF_COMMUNITY = set(RoleKind) - {RoleKind.RESIDENT}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: f"{field.of}-{field.id}")
def test_every_field_of_a_report_has_a_rule_and_tells_nothing_that_is_never_told(field: ReportField) -> None:
    assert field.id in REPORT_FIELDS[field.of], "say in tests/leaks/reports.py who may be told"
    for column in field.reads:
        label, _, name = column.rpartition(".")
        rule = OF_PEOPLE.get(label, {}).get(name)
        assert not (label.startswith("people.") and rule is None), f"{column}: no such column"
        assert rule != "never" or field.masked or name == "birth_date", f"{column} is told unmasked"


def test_no_rule_is_kept_for_a_field_that_is_gone() -> None:
    ruled = {(of, name) for of, names in REPORT_FIELDS.items() for name in names}
    assert ruled == set(FIELDS)


def clients(world: World) -> Iterator[tuple[str, Client]]:
    for viewer, user in world.viewers.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        yield viewer, client


def offered(client: Client, community: int) -> dict[str, list[str]]:
    answer = client.get(f"/api/report-fields/?community={community}")
    rows = answer.json() if answer.status_code == 200 else []
    return {of: [row["id"] for row in rows if row["of"] == of] for of in REPORT_FIELDS}


def test_every_viewer_is_offered_the_fields_of_their_right_and_no_others(world: World) -> None:
    home = world.grids["home"].community_id
    for viewer, client in clients(world):
        for of, fields in offered(client, home).items():
            allowed = [name for name, right in REPORT_FIELDS[of].items() if viewer in RIGHTS[right]]
            assert set(fields) == set(allowed), viewer


def bodies(client: Client) -> Iterator[dict[str, Any]]:
    """With every field that is offered, and, for who is offered none, with one of each; in every area there is."""
    for community in Community.objects.order_by("pk"):
        for of, fields in offered(client, community.pk).items():
            areas = [
                {"kind": "community"},
                *({"kind": "grid", "id": pk} for pk in Grid.objects.values_list("pk", flat=True)),
            ]
            for area in areas:
                yield {"community": community.pk, "of": of, "area": area, "fields": fields or ["room"]}


def words_of(answer: Any) -> str:
    """Everything that an answer says, every cell of a spreadsheet among it."""
    if "spreadsheet" not in answer.headers["Content-Type"]:
        return answer.content.decode()  # type: ignore[no-any-return]
    book = load_workbook(BytesIO(answer.content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def ask_for_reports(world: World, *only: str) -> tuple[set[str], set[tuple[str, str, str]]]:
    """What was told that should not have been; and who heard of which table by which way."""
    leaks, heard = set(), set()
    for viewer, client in clients(world):
        for body in bodies(client) if not only or viewer in only else ():
            charts = {name: body[name] for name in ("community", "area")}
            for path, asked in (
                ("reports/run/", body),
                ("reports/export/?format=csv", body),
                ("reports/export/?format=xlsx", body),
                ("reports/charts/", charts),
            ):
                answer = client.post(f"/api/{path}", asked, content_type="application/json")
                assert answer.status_code in expected(viewer), (viewer, path, answer.content)
                for mark in world.marker.found_in(words_of(answer)):
                    heard.add((viewer, path, mark.label))
                    if not may_be_told(viewer, mark):
                        leaks.add(f"{viewer} was told {mark} by {path}")
    return leaks, heard


def test_no_report_tells_anybody_what_is_not_theirs(world: World) -> None:
    leaks, heard = ask_for_reports(world)
    assert not leaks, "\n".join(sorted(leaks)[:40])
    for viewer in MAKERS:
        for path in ("reports/run/", "reports/export/?format=csv", "reports/export/?format=xlsx"):
            assert (viewer, path, "people.Person") in heard, f"{viewer} heard nothing: nothing was tested"


def test_a_field_that_is_told_unmasked_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.reports.fields_of_people.masked_name", lambda name: name)
    leaks, _ = ask_for_reports(world, RoleKind.STAIRWELL_HEAD)
    for way in ("run/", "format=csv", "format=xlsx"):
        assert any("Person.name" in leak and leak.endswith(way) for leak in leaks)


def test_a_row_that_slips_through_the_gate_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells are told by the right over the person or at the home: a second gate behind the first."""
    monkeypatch.setattr(ResidenceQuerySet, "visible_to", lambda rows, scope: rows.all())
    leaks, _ = ask_for_reports(world, RoleKind.STAIRWELL_HEAD)
    assert not leaks


def expected(viewer: str) -> set[int]:
    """400: a place of another community; 404: another community; 403: who knows of it, and makes no reports."""
    if viewer == "nobody":
        return {401, 403}
    if viewer not in KNOWS_OF_COMMUNITY:
        return {404}
    return {200, 400, 404} if viewer in MAKERS else {403, 404}


def test_a_saved_report_tells_its_runner_no_more_than_their_right(world: World) -> None:
    for viewer, client in clients(world):
        answer = client.get(f"/api/report-forms/?community={world.grids['home'].community_id}")
        forms = answer.json() if answer.status_code == 200 else []
        assert bool(forms) == (viewer in MAKERS), viewer
        for form in forms:
            told = set(form["question"]["fields"])
            assert told == {"name"} if viewer == RoleKind.STAIRWELL_HEAD else {"name", "identity"}
