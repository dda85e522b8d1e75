"""Shops, companies and institutions, in dwellings, units and buildings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.sealed_fields import new_ids, sealed_columns
from twin.base.verbs import verb
from twin.people.actions.holding import clock, held_one, refused
from twin.people.events import OrganisationChanged, OrganisationsAdded
from twin.people.models import Organisation
from twin.people.phones import tidied_phone
from twin.places.models import Building, Community, Dwelling, Unit

Home = Dwelling | Unit | Building


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    home: Home
    name: str
    kind: str = Organisation.Kind.OTHER
    contact_name: str = ""
    phone: str = ""
    source: str = ""
    source_id: str = ""


@verb
def add_organisations(*, community: Community, organisations: Sequence[NewOrganisation]) -> list[int]:
    """Add many at once, all or nothing. Raises Invalid for a place of another community, Conflict for one that ended."""
    ids = new_ids(Organisation, len(organisations))
    rows = [
        Organisation(pk=pk, community=community, **_columns(community, pk, new, f"organisations[{n}]."))
        for n, (pk, new) in enumerate(zip(ids, organisations, strict=True))
    ]
    try:
        with transaction.atomic():
            Organisation.objects.bulk_create(rows, batch_size=1000)
    except IntegrityError as error:
        raise refused(error, "source_id") from error
    where = tuple(sorted({row.dwelling_id for row in rows if row.dwelling_id is not None}))
    emit(OrganisationsAdded(community_id=community.pk, organisation_ids=tuple(ids), dwelling_ids=where))
    return ids


@verb
def change_organisation(*, organisation: Organisation, **changes: Any) -> Organisation:
    """Change `name`, `kind`, `contact_name`, `phone` or `home`."""
    allowed = {"name", "kind", "contact_name", "phone", "home"}
    if not changes.keys() <= allowed:
        raise Invalid(
            "Only %(names)s can be changed.",
            names=sorted(allowed),
            where=min(changes.keys() - allowed),
        )
    current = held_one(organisation)
    before = current.dwelling_id
    columns = {name: value for name, value in changes.items() if name not in {"phone", "home"}}
    if "home" in changes:
        columns |= _home(current.community, changes["home"], "")
    if "phone" in changes:
        columns |= _phone(current.community_id, current.pk, changes["phone"], "")
    for name, value in columns.items():
        setattr(current, name, value)
    current.save(update_fields=list(columns))
    _tell(current, before)
    return current


@verb
def end_organisation(*, organisation: Organisation) -> Organisation:
    """It is there no longer. Raises Conflict for one that has ended already."""
    current = held_one(organisation)
    current.ended_at = clock()
    current.save(update_fields=["ended_at"])
    _tell(current, current.dwelling_id)
    return current


def _tell(organisation: Organisation, before: int | None) -> None:
    where = {i for i in (before, organisation.dwelling_id) if i is not None}
    emit(
        OrganisationChanged(
            community_id=organisation.community_id,
            organisation_id=organisation.pk,
            dwelling_ids=tuple(sorted(where)),
        )
    )


def _columns(community: Community, pk: int, new: NewOrganisation, where: str) -> dict[str, Any]:
    if not new.name.strip():
        raise Invalid("An organisation has a name.", where=f"{where}name")
    if new.kind not in Organisation.Kind.values:
        raise Invalid("%(kind)s is no kind of organisation.", kind=new.kind, where=f"{where}kind")
    return {
        "name": new.name.strip(),
        "kind": new.kind,
        "contact_name": new.contact_name,
        "source": new.source,
        "source_id": new.source_id,
        **_home(community, new.home, where),
        **_phone(community.pk, pk, new.phone, where),
    }


def _home(community: Community, home: Home, where: str) -> dict[str, Any]:
    if home.community_id != community.pk:
        raise Invalid("%(what)s belongs to another community.", what=home, where=f"{where}home")
    if home.ended_at is not None:
        raise Conflict("%(what)s has ended already.", what=home)
    return {
        "dwelling": home if isinstance(home, Dwelling) else None,
        "unit": home if isinstance(home, Unit) else None,
        "building": home if isinstance(home, Building) else None,
    }


def _phone(community_id: int, pk: int, phone: str, where: str) -> dict[str, Any]:
    text = tidied_phone(phone, where=f"{where}phone") if phone else ""
    return dict(
        sealed_columns(Organisation, row_id=pk, community_id=community_id, texts={"phone_sealed": text})
    )
