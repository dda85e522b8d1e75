"""Orders about tags answer too: whoever may not give a tag learns nothing by ordering one, and nobody what a tag says."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.leaks.world import World, build_world
from twin.access.roles import RoleKind
from twin.people.models import DwellingTag, HouseholdTag, PersonTag, Tag

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = {"person": PersonTag, "household": HouseholdTag, "dwelling": DwellingTag}
GIVERS = {RoleKind.COMMUNITY_ADMIN, RoleKind.GRID_HEAD, RoleKind.GRID_WORKER}


@pytest.fixture
def world() -> World:
    return build_world()


def answers(client: Client, tag: Tag, subject: int) -> list[tuple[int, str]]:
    told = []
    for what, said in (("verify/", {}), ("end/", {"why": "不再需要"}), ("", {"reason": "走访"})):
        body = {"tag": tag.pk, "subject": subject, **said}
        answer = client.post(f"/api/taggings/{what}", body, content_type="application/json")
        told.append((answer.status_code, answer.content.decode()))
    return told


def test_an_order_about_a_tag_tells_nothing_of_what_is_marked(world: World) -> None:
    """Every viewer orders for everything that has a tag anywhere, at home, in the next grid and in another community."""
    subjects = [
        (row.tag, getattr(row, f"{kind}_id"))
        for kind, model in KINDS.items()
        for row in model.objects.select_related("tag").order_by("pk")
    ]
    succeeded = set()
    for viewer, user in world.viewers.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        for tag, subject in subjects:
            for status, text in answers(client, tag, subject):
                assert not world.marker.found_in(text), (viewer, tag, text)
                if status < 400:
                    succeeded.add(viewer)
                elif viewer not in GIVERS:
                    assert status in {401, 403, 404}, (viewer, tag, text)
    assert succeeded == GIVERS
