"""What a community agrees on about its points as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from twin.access.actions import record
from twin.accounts.models import User
from twin.base.errors import Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.models import Community
from twin.points.actions.refusals import said_why
from twin.points.actions.rights import demand_runner
from twin.points.events import BandsAgreed, SchemeChanged
from twin.points.models import Band, Scheme


@dataclass(frozen=True, slots=True)
class NewBand:
    """`least` is the lowest number of points that lies in the band; the lowest band holds everything below as well."""

    code: str
    name: str
    name_en: str
    colour: str
    least: int


def scheme_of(*, community: Community) -> Scheme:
    """The community's scheme, or the usual values, unsaved, while it has not agreed on any."""
    return Scheme.objects.filter(community=community).first() or Scheme(community=community)


@verb
def change_scheme(*, community: Community, by: User | None, **changes: int) -> Scheme:
    """Change `month_board`, `year_board`, `claim_days` or `photo_days`."""
    demand_runner(by, community)
    if not changes.keys() <= {"month_board", "year_board", "claim_days", "photo_days"}:
        raise Invalid("There is no such agreement.", where=min(changes))
    with said_why():
        scheme, _ = Scheme.objects.update_or_create(community=community, defaults=changes)
    record(by=by, action="points.change_scheme", community=community, subject=scheme, detail=dict(changes))
    emit(SchemeChanged(community_id=community.pk, scheme_id=scheme.pk))
    return scheme


@verb
def agree_on_bands(*, community: Community, bands: Sequence[NewBand], by: User | None) -> list[Band]:
    """The bands from now on, instead of those there were. Raises Invalid for two that begin at the same points."""
    demand_runner(by, community)
    if len({band.least for band in bands}) < len(bands) or not bands:
        raise Invalid("Each band begins at points of its own, and there is at least one.", where="bands")
    Band.objects.in_force().filter(community=community).update(ended_at=timezone.now())
    agreed = Band.objects.bulk_create(
        Band(
            community=community,
            code=band.code,
            name=band.name,
            name_en=band.name_en,
            colour=band.colour,
            least=band.least,
        )
        for band in bands
    )
    emit(BandsAgreed(community_id=community.pk, band_ids=tuple(band.pk for band in agreed)))
    return agreed
