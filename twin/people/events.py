"""What happens to people, told by ids: who listens asks the gate for more. Singular and bulk verbs tell the same events.

`dwelling_ids` are the windows that may look different now.
"""

from __future__ import annotations

from dataclasses import dataclass

from twin.base.events import Event

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PeopleAdded(Event):
    person_ids: Ids


@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    person_id: int
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class PersonEnded(Event):
    """Moved away, died, or was entered by mistake."""

    person_id: int
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class HouseholdsAdded(Event):
    household_ids: Ids
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class HouseholdChanged(Event):
    household_id: int
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class HouseholdMoved(Event):
    household_id: int
    from_dwelling_id: int
    to_dwelling_id: int


@dataclass(frozen=True, slots=True)
class HouseholdEnded(Event):
    household_id: int
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class ResidencesStarted(Event):
    residence_ids: Ids
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class ResidencesEnded(Event):
    residence_ids: Ids
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class SpacesShared(Event):
    """Households began or ceased to use shared spaces."""

    household_ids: Ids
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class PeopleRehomed(Event):
    """A building was cut anew; those who live in it now live in the cells that took the place of the old ones."""

    building_id: int
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class OrganisationsAdded(Event):
    organisation_ids: Ids
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class OrganisationChanged(Event):
    """Its name, its place, or that it is there at all."""

    organisation_id: int
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class CarePairsStarted(Event):
    care_pair_ids: Ids


@dataclass(frozen=True, slots=True)
class CarePairEnded(Event):
    care_pair_id: int


@dataclass(frozen=True, slots=True)
class EmergencyContactsChanged(Event):
    person_ids: Ids


@dataclass(frozen=True, slots=True)
class TagsAgreed(Event):
    """The catalogue changed: classes or tags were added, changed or ended."""

    tag_ids: Ids


@dataclass(frozen=True, slots=True)
class TagsGiven(Event):
    """`applies_to` says of what: "person", "household" or "dwelling"."""

    applies_to: str
    tagging_ids: Ids
    tag_ids: Ids
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class TagsEnded(Event):
    applies_to: str
    tagging_ids: Ids
    tag_ids: Ids
    dwelling_ids: Ids


@dataclass(frozen=True, slots=True)
class TagVerified(Event):
    applies_to: str
    tagging_id: int


@dataclass(frozen=True, slots=True)
class ManyViewed(Event):
    """A user has opened more households and people in a short time than the community finds usual."""

    user_id: int
    views: int


@dataclass(frozen=True, slots=True)
class ResidentInvited(Event):
    """Somebody of a household was given a code to sign in with."""

    invitation_id: int


@dataclass(frozen=True, slots=True)
class ResidentEntered(Event):
    """The code was used."""

    invitation_id: int


@dataclass(frozen=True, slots=True)
class RosterImported(Event):
    """A roster came in, or rows of it that had waited."""

    run_id: int
    source: str
    created: int
    changed: int


@dataclass(frozen=True, slots=True)
class RosterAddressDecided(Event):
    """A clerk decided where a doubtful address is, or that it is none."""

    address_id: int
