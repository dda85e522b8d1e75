"""People: persons, households and where they live; organisations, care, tags."""

from twin.people.models.catalogue import TagCatalogueRow, TagCatalogueRun
from twin.people.models.household import Household, Residence, SpaceShare
from twin.people.models.invitation import Invitation
from twin.people.models.organisation import CarePair, Organisation
from twin.people.models.person import EmergencyContact, Person
from twin.people.models.privacy import PrivacyRule
from twin.people.models.roster import RosterAddress, RosterRow, RosterRun
from twin.people.models.tag import Tag, TagClass
from twin.people.models.tagging import DwellingTag, HouseholdTag, PersonTag, Tagging

__all__ = [
    "CarePair",
    "DwellingTag",
    "EmergencyContact",
    "Household",
    "HouseholdTag",
    "Invitation",
    "Organisation",
    "Person",
    "PersonTag",
    "PrivacyRule",
    "Residence",
    "RosterAddress",
    "RosterRow",
    "RosterRun",
    "SpaceShare",
    "Tag",
    "TagCatalogueRow",
    "TagCatalogueRun",
    "TagClass",
    "Tagging",
]
