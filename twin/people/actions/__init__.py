"""The verbs of the room: the only code that writes people, where they live, and what is said of them."""

from twin.people.actions.care import (
    NewCarePair,
    NewContact,
    add_emergency_contacts,
    end_care_pair,
    end_emergency_contact,
    start_care_pairs,
)
from twin.people.actions.ending import end_person
from twin.people.actions.households import (
    NewHousehold,
    add_household,
    add_households,
    change_household,
    end_household,
    move_household,
    share_space,
    stop_sharing,
)
from twin.people.actions.inviting import enter_by_invitation, invite_resident, revoke_invitation
from twin.people.actions.looking import (
    Revealed,
    find_by_last_digits,
    find_by_name,
    note_list,
    note_views,
    privacy_rule_of,
    reveal,
    set_privacy_rule,
)
from twin.people.actions.organisations import (
    NewOrganisation,
    add_organisations,
    change_organisation,
    end_organisation,
)
from twin.people.actions.people import NewPerson, add_people, add_person, change_person
from twin.people.actions.residences import NewResidence, end_residence, start_residence, start_residences
from twin.people.actions.tagging import (
    NewTagging,
    end_tagging,
    give_tag,
    give_tags,
    tagging_now,
    verify_tag,
)
from twin.people.actions.tags import (
    add_starter_tags,
    add_tag,
    add_tag_class,
    change_tag,
    change_tag_class,
    end_tag,
)

__all__ = [
    "NewCarePair",
    "NewContact",
    "NewHousehold",
    "NewOrganisation",
    "NewPerson",
    "NewResidence",
    "NewTagging",
    "Revealed",
    "add_emergency_contacts",
    "add_household",
    "add_households",
    "add_organisations",
    "add_people",
    "add_person",
    "add_starter_tags",
    "add_tag",
    "add_tag_class",
    "change_household",
    "change_organisation",
    "change_person",
    "change_tag",
    "change_tag_class",
    "end_care_pair",
    "end_emergency_contact",
    "end_household",
    "end_organisation",
    "end_person",
    "end_residence",
    "end_tag",
    "end_tagging",
    "enter_by_invitation",
    "find_by_last_digits",
    "find_by_name",
    "give_tag",
    "give_tags",
    "invite_resident",
    "move_household",
    "note_list",
    "note_views",
    "privacy_rule_of",
    "reveal",
    "revoke_invitation",
    "set_privacy_rule",
    "share_space",
    "start_care_pairs",
    "start_residence",
    "start_residences",
    "stop_sharing",
    "tagging_now",
    "verify_tag",
]
