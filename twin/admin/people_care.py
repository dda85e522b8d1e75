"""Who looks after whom, who is called in an emergency, and how closely looks are watched: in the back office."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import display, register
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from twin.admin.people import AnyModelForm, NewOnlyAdmin, PeopleAdmin, named
from twin.admin.rooms import ending, told_lasting
from twin.admin.site import site
from twin.base.sealed_fields import text_of
from twin.people import actions
from twin.people.masking import masked_name, masked_phone
from twin.people.models import CarePair, EmergencyContact, PrivacyRule


@register(CarePair, site=site)
class CarePairAdmin(NewOnlyAdmin):
    ends = False
    list_display = ("__str__", "helped_by", "helped", "since", "until")
    list_select_related = ("helper", "cared_for")
    raw_id_fields = ("helper", "cared_for")
    fields = ("community", "helper", "cared_for")

    @display(description=_("helper"), ordering="helper")
    def helped_by(self, pair: CarePair) -> str:
        return named(pair.helper)

    @display(description=_("cared for"), ordering="cared_for")
    def helped(self, pair: CarePair) -> str:
        return named(pair.cared_for)

    actions = (ending(lambda pair, _by: actions.end_care_pair(pair=pair)),)

    def add(self, values: dict[str, Any]) -> Model:
        new = actions.NewCarePair(values["helper"].pk, values["cared_for"].pk)
        [pk] = actions.start_care_pairs(community=values["community"], pairs=[new])
        return CarePair.objects.get(pk=pk)


class EmergencyContactForm(AnyModelForm):
    phone = forms.CharField(label=_("phone"), max_length=24)

    class Meta:
        model = EmergencyContact
        fields = ("person", "name", "relation")
        labels: ClassVar[dict[str, Any]] = {"name": _("full name")}


@register(EmergencyContact, site=site)
class EmergencyContactAdmin(NewOnlyAdmin):
    form = EmergencyContactForm
    list_display = ("__str__", "whose", "called", "relation", "phone_masked")
    list_select_related = ("person",)
    raw_id_fields = ("person",)
    actions = (ending(lambda contact, _by: actions.end_emergency_contact(contact=contact)),)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        shown = ("called", "relation", "phone_masked") if obj else ("name", "relation", "phone")
        return ("community", "person", *shown)

    @display(description=_("person"), ordering="person")
    def whose(self, contact: EmergencyContact) -> str:
        return named(contact.person)

    @display(description=_("name, masked"))
    def called(self, contact: EmergencyContact) -> str:
        return masked_name(contact.name)

    @display(description=_("phone, masked"))
    def phone_masked(self, contact: EmergencyContact) -> str:
        return masked_phone(text_of(contact, "phone_sealed"))

    def add(self, values: dict[str, Any]) -> Model:
        new = actions.NewContact(
            values["person"].pk, values["name"], values["phone"], values.get("relation", "")
        )
        [pk] = actions.add_emergency_contacts(community=values["community"], contacts=[new])
        return EmergencyContact.objects.get(pk=pk)


@register(PrivacyRule, site=site)
class PrivacyRuleAdmin(PeopleAdmin):
    ends = False
    list_display = ("community", "views_before_notice", "within", "digit_searches_per_minute")
    fields = ("community", "views_before_notice", "views_within", "digit_searches_per_minute")

    @display(description=_("within"), ordering="views_within")
    def within(self, rule: PrivacyRule) -> str:
        return told_lasting(rule.views_within)

    def add(self, values: dict[str, Any]) -> PrivacyRule:
        return actions.set_privacy_rule(**values)

    def change(self, row: PrivacyRule, values: dict[str, Any]) -> PrivacyRule:
        return actions.set_privacy_rule(community=row.community, **values)
