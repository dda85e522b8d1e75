"""What the cells say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import override

from tests.devices.homes import a_device, rule_of
from tests.people.conftest import Settle
from tests.points.homes import a_rule
from tests.reports.conftest import Ask, cells
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Invalid
from twin.devices.actions import raise_alarm
from twin.people.actions import NewContact, add_emergency_contacts, give_tag
from twin.people.models import Household, Person, Tag
from twin.places.models import Community, Dwelling, Grid, Unit
from twin.points.actions import NewBand, agree_on_bands, award
from twin.reports.registry import FIELDS

pytestmark = pytest.mark.usefixtures("families")
InRole = Callable[..., User]
HER = {"age_from": 80}


def test_a_person_is_told_masked(ask: Ask, grandmother: Person) -> None:
    contact = NewContact(grandmother.pk, "李小兰", "13900005678", "女儿")
    add_emergency_contacts(community=grandmother.community, contacts=[contact])
    fields = ["name", "phone", "identity", "identity_kind", "sex", "age_band", "birth_year", "contacts"]
    [told] = cells(ask(fields, filters=HER))
    assert told[:2] == ("欧阳**", "138****1234")
    assert told[2][0] == "9"
    assert set(told[2][1:-1]) == {"*"}
    assert told[4:7] == ("女", "80–89", 1938)
    assert told[7] == "李**(女儿) 139****5678"


def test_a_home_is_told_by_its_place(ask: Ask, grandmother: Person) -> None:
    fields = ["community", "grid", "building", "unit", "floor", "room", "address"]
    assert cells(ask(fields, filters=HER)) == [
        ("海棠湾社区", "第1网格", "1号楼", "1", 5, "501", "海棠路100弄1号楼1单元501室")
    ]


def test_a_household_is_counted_two_ways(ask: Ask) -> None:
    fields = ["head", "size", "actual", "registered", "elders", "aged", "children", "residence_kind"]
    assert cells(ask(fields, of="household")) == [
        ("欧阳**", 2, 2, 1, 1, 1, 1, "自有"),
        ("王**", 1, 1, 0, 0, 0, 0, "租住"),
    ]


def test_role_state_tenure_and_since(ask: Ask, community: Community) -> None:
    today = community.today()
    [told] = cells(ask(["role", "state", "tenure", "since"], filters=HER))
    assert told == ("户主", "人户一致", "自有", today)


def test_tags_points_and_alarms_stand_beside_the_home(
    ask: Ask,
    community: Community,
    household: Household,
    flat: Dwelling,
    grandmother: Person,
    tags: dict[str, Tag],
) -> None:
    give_tag(tag=tags["elder_alone"], subject=grandmother)
    agree_on_bands(community=community, bands=[NewBand("b", "起步", "Beginning", "#112233", 0)], by=None)
    award(household=household, rule=a_rule(community), by=None, happened_at=timezone.now())
    device = a_device(flat)
    raise_alarm(device=device, rule=rule_of(device), at=timezone.now())
    fields = ["member_tags", "points", "band", "open_alarms"]
    assert cells(ask(fields, of="household")) == [("独居老人", 2, "起步", 1), (None, None, None, 0)]
    assert cells(ask(["tags", "points", "open_alarms"]))[0] == ("独居老人", 2, 1)
    with override("en"):
        assert cells(ask(fields, of="household"))[0] == ("Elder living alone", 2, "Beginning", 1)


def test_every_field_has_a_cell(ask: Ask) -> None:
    for of in ("person", "household"):
        fields = [field.id for field in FIELDS.values() if field.of == of]
        for row in cells(ask(fields, of=of)):
            assert all(isinstance(cell, str | int | date | None) for cell in row)


def test_a_field_beyond_the_right_is_not_offered(ask: Ask, in_role: InRole, flat: Dwelling) -> None:
    head = in_role(RoleKind.STAIRWELL_HEAD, unit=Unit.objects.get(pk=flat.unit_id))
    assert cells(ask(["phone"], by=head))[0] == ("138****1234",)
    with pytest.raises(Invalid, match="may not be told the field identity") as refused:
        ask(["phone", "identity"], by=head)
    assert refused.value.where == "fields[1]"


def test_a_right_at_one_place_tells_nothing_at_another(
    ask: Ask, in_role: InRole, flat: Dwelling, east: Grid
) -> None:
    """Head of a stairwell in the west, and worker of the grid in the east."""
    from twin.access.actions import grant_role

    user = in_role(RoleKind.STAIRWELL_HEAD, unit=Unit.objects.get(pk=flat.unit_id))
    grant_role(user=user, kind=RoleKind.GRID_WORKER, community=flat.community, grid=east)
    assert cells(ask(["name", "identity_kind"], by=user))[0] == ("欧阳**", None)


def test_a_household_elsewhere_of_somebody_registered_here_is_not_told(
    ask: Ask, in_role: InRole, settle: Settle, tenant: Person, other_flat: Dwelling, west: Grid
) -> None:
    settle(tenant, other_flat, basis="registered", household_id=None)
    worker = in_role(RoleKind.GRID_WORKER, grid=west)
    told = cells(
        ask(["name", "household_kind", "points"], by=worker, filters={"states": ["registered_here"]})
    )
    assert told == [("王**", None, None)]


@pytest.mark.parametrize("of", ["person", "household"])
def test_names_in_both_languages_stand_with_every_field(of: str) -> None:
    for field in FIELDS.values():
        assert field.name.zh
        assert field.name.en
        assert field.reads
