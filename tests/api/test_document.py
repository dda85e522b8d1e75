"""The API's own description: up to date, and true whatever is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.conftest import ROOT
from tests.devices.homes import a_device, a_dwelling
from twin.access.actions import grant_role, issue_token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.patrol.actions import start_shift
from twin.people import actions as people
from twin.places.models import Building, Community, Dwelling, Grid


def test_the_description_that_the_front_end_is_built_from_is_that_of_the_code(db: None) -> None:
    """`manage.py spectacular --format openapi-json --file frontend/openapi.json`, then `npm run types`."""
    drawn = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    kept = json.loads((ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(drawn, default=str)) == kept


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A request gives its connection back when it ends, and this test's transaction with it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def api(db: None, kept_connection: None) -> Any:
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())


@pytest.fixture
def token(
    in_role: Callable[..., User], community: Community, west: Grid, west_building: Building
) -> dict[str, str]:
    """Of somebody who may do everything, where there is one of everything."""
    user = in_role(RoleKind.COMMUNITY_ADMIN)
    grant_role(user=user, kind=RoleKind.GRID_WORKER, community=community, grid=west)
    home = a_dwelling(west_building)
    a_device(home)
    _move_in(home)
    start_shift(worker=user, grid=west)
    _, secret = issue_token(community=community, kind="worker", name="令牌", user=user)
    return {"Authorization": f"Bearer {secret}"}


def _move_in(home: Dwelling) -> None:
    """A family with a tag, in this dwelling."""
    community = home.community
    household = people.add_household(community=community, household=people.NewHousehold(home.pk))
    person = people.add_person(community=community, person=people.NewPerson("王小明", phone="13800001234"))
    living = people.NewResidence(person.pk, home.pk, household_id=household.pk, role="head")
    people.start_residence(community=community, residence=living)
    people.give_tag(tag=people.add_starter_tags(community=community)["veteran"], subject=person)


described = schemathesis.pytest.from_fixture("api").exclude(path_regex="session")


@described.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_asked_is_answered_as_described(case: Any, token: dict[str, str]) -> None:
    answer = case.call(headers=token)
    case.validate_response(
        answer, checks=[not_a_server_error, status_code_conformance, response_schema_conformance]
    )
