"""All ways in which data leaves: from the URL resolver, the layer registry and the stream registry.

A way is found, not listed. What cannot be asked without knowing more is in `ASKED_BY_HAND`, what holds no data of anybody is
in `HOLDS_NOTHING`; an address in neither fails the test.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import mapbox_vector_tile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gis.tile_address import tile_at
from layers.catalog.facades_tags import GIVEN
from layers.facades import facades_of
from layers.registry import all_layers
from tests.leaks.world import World
from twin.access.models import Role
from twin.access.scopes import scope_of
from twin.api.looks import LISTED
from twin.people.models import Person, Residence, RosterAddress, SpaceShare
from twin.places.models import Building, Community, Dwelling
from twin.points.models import ClaimPhoto, Entry

Ask = Callable[[World], list[str]]

POST = "POST "
"""Before the address of what is not asked by GET: last digits, which must stay out of every log."""
PHONE = ("people.Person", "phone")


@dataclass(frozen=True)
class Way:
    """One address pattern and the addresses by which it is asked."""

    route: str
    addresses: tuple[str, ...]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def _per_community(*tails: str) -> Ask:
    return lambda world: [
        tail.format(c=pk) for pk in Community.objects.values_list("pk", flat=True) for tail in tails
    ]


def _tiles(world: World) -> list[str]:
    return [
        f"/layers/{building.community_id}/tiles/{layer}/0/{z}/{at.x}/{at.y}.mvt"
        for building in Building.objects.all()
        for layer in all_layers()
        for z in (14, 16)
        for at in [tile_at(*building.anchor.coords, z)]
    ]


def _panels(world: World) -> list[str]:
    at = [(b.community_id, tile_at(*b.anchor.coords, 16)) for b in Building.objects.all()]
    return [f"/layers/{community}/panels/0/16/{tile.x}/{tile.y}.bin" for community, tile in at]


def _features(world: World) -> list[str]:
    communities = Community.objects.values_list("pk", flat=True)
    return [f"/layers/{pk}/features/{layer}/" for pk in communities for layer in all_layers()]


def facade_names(world: World, community: Community) -> list[str]:
    """All modes that anybody may choose there, asked for by everybody; of single tags those that somebody was given: by
    the others nothing can be coloured, and they are many."""
    scopes = [scope_of(user) for user in world.viewers.values() if user is not None]
    offered = {facade.name for scope in scopes for facade in facades_of(community, scope)}
    given = {f"tag-{tag}" for rows in GIVEN.values() for tag in rows.current().values_list("tag", flat=True)}
    return sorted(name for name in offered if not name.startswith("tag-") or name in given)


def _of_facades(*tails: str) -> Ask:
    return lambda world: [
        f"/layers/{community.pk}/facades/{name}/{tail}"
        for community in Community.objects.all()
        for name in facade_names(world, Community.objects.order_by("pk")[0])
        for tail in tails
    ]


def _homes_of_facades(world: World) -> list[str]:
    """By ids in every mode; by tiles, which only choose among the same homes, in those that are not of one tag."""
    dwellings = ",".join(str(pk) for pk in Dwelling.objects.order_by("pk").values_list("pk", flat=True)[:500])
    tiles = {tile_at(*building.anchor.coords, 16) for building in Building.objects.all()}
    wanted = ",".join(f"{at.x}/{at.y}" for at in sorted(tiles))
    by_tiles = _of_facades(f"homes/?tiles={wanted}")(world)
    return _of_facades(f"homes/?dwellings={dwellings}")(world) + [
        way for way in by_tiles if "/tag-" not in way
    ]


def _photos(world: World) -> list[str]:
    return [f"/api/users/{pk}/photo/" for pk in Role.objects.values_list("user", flat=True).distinct()]


def _panoramas(world: World) -> list[str]:
    """The windows behind which people live or share a kitchen, and an empty one."""
    lived_in = set(Residence.objects.values_list("dwelling", flat=True))
    kitchens = set(SpaceShare.objects.values_list("space", flat=True))
    empty = Dwelling.objects.exclude(pk__in=lived_in | kitchens).values_list("pk", flat=True)[:1]
    return [f"/api/panoramas/{pk}/" for pk in sorted(lived_in | kitchens | set(empty))]


def _lessons(world: World) -> list[str]:
    """What could be learned of every doubtful address by deciding for the first likely dwelling."""
    rows = RosterAddress.objects.order_by("pk").values_list("pk", "candidates")
    return [f"/api/roster-addresses/{pk}/lessons/?dwelling={likely[0]['dwelling']}" for pk, likely in rows]


def _last_digits(world: World) -> list[str]:
    """Of one phone for each place where people may belong, in every community: of who came first, and lives there still."""
    marks = [mark for mark in world.marker.marks.values() if (mark.label, mark.field) == PHONE]
    ends = {mark.belongs: mark.text[-4:] for mark in reversed(marks)}
    asked = _per_community(*(f"{POST}/api/search/digits/ {end} {{c}}" for end in ends.values()))
    return asked(world)


def _looks(world: World) -> list[str]:
    """All, and by what they were: the searches of this very test would fill the first page."""
    return ["/api/looks/", *(f"/api/looks/?action={action}" for action in LISTED)]


ASKED_BY_HAND: dict[str, Ask] = {
    "api/session/": lambda world: ["/api/session/"],
    "api/search/": _per_community(
        "/api/search/?community={c}&q=zq",
        "/api/search/?community={c}&q=person",
        "/api/search/?community={c}&q=1-1-301",
        "/api/search/?community={c}&q=1号楼",
    ),
    "api/^looks/$": _looks,
    "api/search/digits/": _last_digits,
    "api/resident/": lambda world: ["/api/resident/"],
    "api/users/<int:user_id>/photo/": _photos,
    "api/^panoramas/(?P<pk>[^/.]+)/$": _panoramas,
    "api/^people/(?P<pk>[^/.]+)/$": lambda world: [
        f"/api/people/{pk}/" for pk in Person.objects.order_by("pk").values_list("pk", flat=True)
    ],
    "api/points/photos/<int:photo_id>/": lambda world: [
        f"/api/points/photos/{pk}/" for pk in ClaimPhoto.objects.values_list("pk", flat=True)
    ],
    "api/^points/entries/(?P<pk>[^/.]+)/$": lambda world: [
        f"/api/points/entries/{pk}/" for pk in Entry.objects.values_list("pk", flat=True)
    ],
    "api/^roster-addresses/(?P<pk>[^/.]+)/lessons/$": _lessons,
    "api/^tag-catalogues/example/$": _per_community("/api/tag-catalogues/example/?community={c}"),
    "admin/people/tagcataloguerun/example/<int:community_id>/": _per_community(
        "/admin/people/tagcataloguerun/example/{c}/"
    ),
    "layers/<int:community_id>/manifest.json": _per_community("/layers/{c}/manifest.json"),
    "layers/<int:community_id>/tiles/<slug:name>/<int:version>/<int:z>/<int:x>/<int:y>.mvt": _tiles,
    "layers/<int:community_id>/panels/<int:version>/<int:z>/<int:x>/<int:y>.bin": _panels,
    "layers/<int:community_id>/features/<slug:name>/": _features,
    "layers/<int:community_id>/facades/": _per_community("/layers/{c}/facades/"),
    "layers/<int:community_id>/facades/<slug:name>/": _of_facades(""),
    "layers/<int:community_id>/facades/<slug:name>/homes/": _homes_of_facades,
    "admin/": lambda world: ["/admin/"],
    "admin/autocomplete/": lambda world: [
        "/admin/autocomplete/?app_label=access&model_name=role&field_name=user"
    ],
}

HOLDS_NOTHING = {
    "": "the page itself: built files",
    "api/resident/session/": "takes a code, and answers nothing",
    "desk/": "leads to the page of reports",
    "desk/reports/": "the page itself: built files",
    "login/": "the page itself: built files",
    "r/": "the page itself: built files",
    "api/schema/": "drawn from the code",
    "api/docs/": "drawn from the code",
    "admin/login/": "a form",
    "admin/logout/": "an end",
    "admin/password_change/": "a form",
    "admin/password_change/done/": "a sentence",
    "admin/jsi18n/": "words",
    "admin/(?P<url>.*)$": "adds a slash",
    "admin/r/<path:content_type_id>/<path:object_id>/": "leads to a page of its own, which is asked",
}


def ways_out(world: World) -> list[Way]:
    """Raises AssertionError for an address that nobody has thought of."""
    ways, unlisted = [], []
    for route, pattern in patterns(get_resolver()):
        addresses = _addresses(route, pattern, world)
        if addresses is None:
            unlisted.append(route)
        elif addresses:
            ways.append(Way(route, tuple(addresses)))
    assert not unlisted, f"ways out that the leak test does not know: {unlisted}"
    return ways


def _addresses(route: str, pattern: URLPattern, world: World) -> list[str] | None:
    if route.startswith("admin/^(?P<app_label>"):
        return [f"/admin/{label}/" for label in re.findall(r"[a-z_]+(?=[|)])", route.partition(">")[2])]
    if route in ASKED_BY_HAND:
        return ASKED_BY_HAND[route](world)
    if route in HOLDS_NOTHING or route.startswith("ingest/"):
        return []
    viewset = getattr(pattern.callback, "cls", None)
    if viewset is not None and hasattr(viewset, "rows"):
        return _of_viewset(route, pattern, viewset)
    office = getattr(pattern.callback, "model_admin", None)
    if office is not None:
        return _of_office(route, office)
    return None


def _of_viewset(route: str, pattern: URLPattern, viewset: Any) -> list[str]:
    if "get" not in pattern.callback.actions:  # type: ignore[attr-defined]
        return []  # answers with what the same viewset's detail does, to POST only
    plain = "/" + route.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".")
    if "format" in plain:
        return []
    if "(?P<pk>" not in plain:
        return [plain, *(f"{plain}?community={pk}" for pk in Community.objects.values_list("pk", flat=True))]
    start, end = plain.index("(?P<pk>"), plain.index(")") + 1
    shown = _few(list(viewset.rows.order_by("pk").values_list("pk", flat=True)))
    stored = _few(list(viewset.rows.model._base_manager.order_by("pk").values_list("pk", flat=True)), 3)
    return [plain[:start] + str(pk) + plain[end:] for pk in sorted({*shown, *stored})]


def _of_office(route: str, office: Any) -> list[str]:
    if "<path:object_id>" not in route:
        return ["/" + route]
    ids = office.model._base_manager.values_list("pk", flat=True)
    return ["/" + route.replace("<path:object_id>", str(pk)) for pk in _few(list(ids), 3)]


def _few(ids: list[int], most: int = 6) -> list[int]:
    """Of many rows that are alike an even pick from first to last, so that every grid is among them."""
    if len(ids) <= most:
        return ids
    return [ids[(len(ids) - 1) * n // (most - 1)] for n in range(most)]


def _posted(client: Client, asked: str) -> Any:
    address, digits, community = asked.removeprefix(POST).split()
    body = {"community": int(community), "digits": digits}
    return client.post(address, body, content_type="application/json")


def text_of(client: Client, address: str) -> str:
    """Everything that an answer says: status line apart, its headers and its body, unpacked and decoded."""
    answer = _posted(client, address) if address.startswith(POST) else client.get(address)
    headers = json.dumps(dict(answer.headers))
    if answer.status_code == 302 and address.startswith("/layers/"):  # the way to the current version
        return headers + text_of(client, answer.headers["Location"])
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if answer.status_code == 200 and "vector-tile" in answer.headers.get("Content-Type", ""):
        return headers + json.dumps(mapbox_vector_tile.decode(body) if body else {}, default=str)
    if "spreadsheetml" in answer.headers.get("Content-Type", ""):
        with ZipFile(BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return headers + body.decode("utf-8", errors="replace")
