from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import a_building, box
from twin.access.actions import issue_token
from twin.access.models import AuditEntry, Role, Token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.admin.site import site
from twin.places.actions import cut_building, found_community
from twin.places.models import Building, Community, Dwelling, Grid


@pytest.fixture
def clerk(in_role: Callable[..., User], client: Client) -> Client:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


def form_of(building: Building, **changed: object) -> dict[str, object]:
    known = {
        "name": building.name, "number": building.number, "address": building.address, "use": building.use,
        "compound": "", "grid": building.grid_id, "footprint": building.footprint.json, "base_m": 0, "height_m": 17.4,
        "floors_above": 6, "floors_below": 0, "units_stated": 2, "flats_per_floor": 2, "numbering": "unit",
        "skipped_floors": "", "year_built": "",
    }  # fmt: skip
    return {**known, **changed}


PAGES = [model._meta for model in site._registry]


@pytest.mark.parametrize("page", PAGES, ids=lambda m: m.label_lower)
def test_every_list_opens_for_a_clerk_or_says_it_is_not_theirs(page: object, clerk: Client) -> None:
    name = f"admin:{page.app_label}_{page.model_name}_changelist"  # type: ignore[attr-defined]
    allowed = page.label_lower != "access.auditentry"  # type: ignore[attr-defined]
    assert clerk.get(reverse(name)).status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    "kind",
    [k for k in RoleKind if k not in {RoleKind.COMMUNITY_ADMIN, RoleKind.AUDITOR, RoleKind.STAIRWELL_HEAD}],
)
def test_the_back_office_is_closed_to_other_roles(
    kind: str, in_role: Callable[..., User], west_building: Building, client: Client
) -> None:
    client.force_login(in_role(kind))
    assert client.get("/admin/").status_code == 302
    assert client.get(reverse("admin:places_building_change", args=[west_building.pk])).status_code == 302


def test_a_clerk_changes_a_building_through_the_verb(
    clerk: Client, west: Grid, west_building: Building
) -> None:
    path = reverse("admin:places_building_change", args=[west_building.pk])
    assert clerk.get(path).status_code == 200
    version = Community.objects.get().shape_version
    answer = clerk.post(path, form_of(west_building, name="新名字"))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    west_building.refresh_from_db()
    assert west_building.name == "新名字"
    assert Community.objects.get().shape_version > version, "the map hears of it"


def test_a_clerk_draws_a_building_and_it_finds_its_grid(
    clerk: Client, community: Community, east: Grid
) -> None:
    footprint = box(122.6030, 31.0510, 122.6034, 31.0511)
    form = form_of(Building(name="新楼", footprint=footprint), community=community.pk, grid="")
    answer = clerk.post(reverse("admin:places_building_add"), form)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert Building.objects.get(name="新楼").grid == east


@pytest.mark.parametrize(
    "nonsense", ["", "{", "[]", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon"}']
)
def test_a_geometry_that_is_none_is_refused_beside_the_field(
    clerk: Client, west_building: Building, nonsense: str
) -> None:
    answer = clerk.post(
        reverse("admin:places_building_change", args=[west_building.pk]),
        form_of(west_building, footprint=nonsense),
    )
    assert answer.status_code == 200
    assert "footprint" in answer.context["adminform"].form.errors


def test_an_overlapping_grid_is_refused_on_the_form_by_name(
    clerk: Client, community: Community, root: Grid, west: Grid
) -> None:
    form = {"community": community.pk, "parent": root.pk, "name": "重叠", "kind": "grid", "colour": "#37d5ff",
            "geometry": box(122.601, 31.050, 122.603, 31.052).json}  # fmt: skip
    answer = clerk.post(reverse("admin:places_grid_add"), form)
    assert answer.status_code == 200
    assert "“第1网格”与同级网格“重叠”重叠" in str(answer.context["adminform"].form.errors)
    assert not Grid.objects.filter(name="重叠").exists()


def test_what_the_database_refuses_is_said_in_the_clerks_language(
    clerk: Client, west_building: Building
) -> None:
    path = reverse("admin:places_building_change", args=[west_building.pk])
    answer = clerk.post(path, form_of(west_building, height_m=5000))
    assert "楼栋高度须大于 0 且不超过 1000 米" in str(answer.context["adminform"].form.errors)
    answer = clerk.post(path, form_of(west_building, height_m=5000), headers={"accept-language": "en"})
    assert "at most 1000 m high" in str(answer.context["adminform"].form.errors)


def test_a_clerk_of_one_community_need_not_choose_it(clerk: Client, community: Community) -> None:
    page = clerk.get(reverse("admin:places_grid_add"))
    assert page.context["adminform"].form.initial["community"] == community.pk
    assert f'data-community="{community.pk}"' in page.content.decode()


def test_what_is_only_looked_at_is_shown_on_a_map(clerk: Client, west_building: Building) -> None:
    cut_building(building=west_building)
    dwelling = Dwelling.objects.first()
    assert dwelling is not None
    page = clerk.get(reverse("admin:places_dwelling_change", args=[dwelling.pk])).content.decode()
    assert "data-readonly" in page
    assert "admin-map.js" in page


def test_a_clerk_states_what_a_dwelling_is_used_for_and_nothing_else(
    clerk: Client, west_building: Building
) -> None:
    cut_building(building=west_building)
    dwelling = Dwelling.objects.order_by("pk")[0]
    path = reverse("admin:places_dwelling_change", args=[dwelling.pk])
    answer = clerk.post(path, {"use": "let", "room": "999"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    changed = Dwelling.objects.get(pk=dwelling.pk)
    assert (changed.use, changed.room) == ("let", dwelling.room)


def test_places_end_and_are_not_deleted(clerk: Client, west_building: Building) -> None:
    assert clerk.get(reverse("admin:places_building_delete", args=[west_building.pk])).status_code == 403
    form = {"action": "end", "_selected_action": [west_building.pk]}
    clerk.post(reverse("admin:places_building_changelist"), form)
    west_building.refresh_from_db()
    assert west_building.ended_at is not None


def test_a_clerk_sees_nothing_of_another_community(clerk: Client, west_building: Building) -> None:
    other = found_community(name="另一个社区")
    foreign = a_building(other, 122.7, name="外楼")
    page = clerk.get(reverse("admin:places_building_changelist"))
    assert "外楼" not in page.content.decode()
    assert clerk.get(reverse("admin:places_building_change", args=[foreign.pk])).status_code == 302
    choices = (
        clerk.get(reverse("admin:places_building_add")).context["adminform"].form.fields["grid"].queryset
    )
    assert not choices.filter(community=other).exists()


def test_a_new_tokens_secret_is_shown_once(clerk: Client, community: Community) -> None:
    form = {"community": community.pk, "kind": "device", "name": "网关", "user": ""}
    answer = clerk.post(reverse("admin:access_token_add"), form, follow=True)
    assert "twin_" in answer.content.decode()
    token = Token.objects.get(name="网关")
    again = clerk.get(reverse("admin:access_token_change", args=[token.pk]))
    assert "twin_" not in again.content.decode()


def test_granting_and_ending_a_role_is_in_the_audit(
    clerk: Client, community: Community, someone: Callable[..., User]
) -> None:
    user = someone()
    form = {"user": user.pk, "kind": "duty_officer", "community": community.pk, "grid": "", "unit": "",
            "starts_at_0": "2026-01-01", "starts_at_1": "08:00:00", "ends_at_0": "", "ends_at_1": ""}  # fmt: skip
    answer = clerk.post(reverse("admin:access_role_add"), form)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    role = Role.objects.get(user=user)
    clerk.post(reverse("admin:access_role_changelist"), {"action": "end", "_selected_action": [role.pk]})
    actions = AuditEntry.objects.filter(subject=f"access.Role:{role.pk}").values_list("action", flat=True)
    assert set(actions) == {"role.grant", "role.end"}


def test_an_auditor_reads_the_audit_and_nothing_else(
    community: Community, in_role: Callable[..., User], client: Client
) -> None:
    issue_token(community=community, kind="device", name="网关")
    client.force_login(in_role(RoleKind.AUDITOR))
    assert "token.issue" in client.get(reverse("admin:access_auditentry_changelist")).content.decode()
    assert client.get(reverse("admin:places_building_changelist")).status_code == 403


def test_the_map_widget_asks_nobody_outside(clerk: Client, west_building: Building) -> None:
    page = clerk.get(reverse("admin:places_building_change", args=[west_building.pk])).content.decode()
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:)?//(?!testserver)""", page)
    assert json.loads(west_building.footprint.json)["type"] in page


def grid_form(grid: Grid, **changed: object) -> dict[str, object]:
    known = {"parent": grid.parent_id, "name": grid.name, "name_en": "", "code": "", "colour": grid.colour,
             "geometry": grid.geometry.json if grid.geometry else ""}  # fmt: skip
    return {**known, **changed}


def test_a_grid_moves_below_another_one_in_its_form(clerk: Client, west: Grid, east: Grid) -> None:
    path = reverse("admin:places_grid_change", args=[west.pk])
    chosen = clerk.get(path).context["adminform"].form.fields["parent"].queryset
    assert east in chosen
    assert west not in chosen, "no grid lies in itself"
    answer = clerk.post(path, grid_form(west, parent=east.pk))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    west.refresh_from_db()
    assert west.parent_id == east.pk
    assert west.path.startswith(east.path)


def test_a_grid_does_not_move_into_another_community(clerk: Client, west: Grid) -> None:
    other = found_community(name="别处")
    path = reverse("admin:places_grid_change", args=[west.pk])
    answer = clerk.post(path, grid_form(west, parent=Grid.objects.get(community=other, parent=None).pk))
    assert "parent" in answer.context["adminform"].form.errors
    west.refresh_from_db()
    assert west.parent is not None
    assert west.parent.community_id == west.community_id
