"""People in the back office. What a page shows is masked; what is typed replaces what is kept. Whoever opens one is noted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.admin import display, register
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from twin.access.roles import MAY_EDIT_PEOPLE
from twin.accounts.models import User
from twin.admin.rooms import VerbAdmin, ending, entered_at, home, told_moment
from twin.admin.site import site
from twin.base.errors import Invalid
from twin.base.sealed_fields import text_of
from twin.people import actions
from twin.people.masking import masked_identity, masked_name, masked_phone
from twin.people.models import (
    Household,
    Organisation,
    Person,
    Residence,
)

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm

KEEP = _("Empty: stays as it is")


class PeopleAdmin(VerbAdmin):
    """Rows of the room, for who edits people."""

    editors = MAY_EDIT_PEOPLE
    list_filter: ClassVar[tuple[str, ...]] = ("community",)
    ends = True  # whether rows of this table end and are then out of the way

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.filter(ended_at=None) if self.ends else rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community",) if obj else ()


class NewOnlyAdmin(PeopleAdmin):
    """Rows that are added and ended, never changed."""

    @display(description=_("from"))
    def since(self, row: Any) -> str:
        return told_moment(row.during.lower)

    @display(description=_("until"))
    def until(self, row: Any) -> str:
        return told_moment(row.during.upper)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def told_to_keep(form: Any) -> None:
    """Of somebody new there is nothing yet that could stay as it is."""
    if not form.instance.pk:
        for field in form.fields.values():
            field.help_text = "" if field.help_text == KEEP else field.help_text


class PersonForm(AnyModelForm):
    """What is kept is not filled in: it would leave the server whole."""

    name = forms.CharField(label=_("full name"), max_length=60, required=False, help_text=KEEP)
    birth_date = forms.DateField(
        label=_("date of birth"),
        required=False,
        help_text=KEEP,
        widget=AdminDateWidget,
        error_messages={"invalid": _("Write the day like this: 1990-01-31.")},
    )
    identity = forms.CharField(label=_("identity number"), max_length=40, required=False, help_text=KEEP)
    phone = forms.CharField(label=_("phone"), max_length=24, required=False, help_text=KEEP)

    class Meta:
        model = Person
        fields = ("sex", "identity_kind", "user")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("name", "birth_date"):
            self.initial.pop(field, None)
        told_to_keep(self)


def beside_masked(fields: Sequence[str], masked: dict[str, str], row: Any) -> tuple[str, ...]:
    """The fields of a form, each masked one before the field it goes with; of somebody new there is nothing to mask."""
    before = {field: shown for shown, field in masked.items()} if row else {}
    return tuple(part for field in fields for part in (before.get(field), field) if part)


def gone(name: str, why: str, description: Any) -> Any:
    """An action that ends people, for one reason."""
    act = ending(lambda person, _by: actions.end_person(person=person, why=why), description)
    act.__name__ = name  # by which Django tells actions apart
    return act


@register(Person, site=site)
class PersonAdmin(PeopleAdmin):
    form = PersonForm
    list_display = ("__str__", "called", "sex", "phone_masked", "user")
    list_select_related = ("user",)
    raw_id_fields = ("user",)
    search_fields = ("name",)
    fields = ("community", "name", "sex", "birth_date", "identity_kind", "identity", "phone", "user")
    actions = (
        gone("moved_away", Person.Ended.MOVED_AWAY, _("The chosen ones have moved away")),
        gone("died", Person.Ended.DIED, _("The chosen ones have died")),
        gone("mistaken", Person.Ended.MISTAKE, _("The chosen ones were entered by mistake")),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What is kept, masked, before what may replace it."""
        return beside_masked(
            self.fields, {"called": "name", "identity_masked": "identity_kind", "phone_masked": "phone"}, obj
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("called", "identity_masked", "phone_masked", *super().get_readonly_fields(request, obj))

    @display(description=_("name, masked"))
    def called(self, person: Person) -> str:
        return masked_name(person.name)

    @display(description=_("identity number, masked"))
    def identity_masked(self, person: Person) -> str:
        return masked_identity(text_of(person, "identity_sealed")) if person.pk else ""

    @display(description=_("phone, masked"))
    def phone_masked(self, person: Person) -> str:
        return masked_phone(text_of(person, "phone_sealed")) if person.pk else ""

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.get_object(request, object_id)
        if person is not None and request.method == "GET":
            assert isinstance(request.user, User)
            actions.note_views(
                by=request.user, action="person.view", community=person.community, subjects=[person]
            )
        return super().change_view(request, object_id, *args, **kwargs)

    def add(self, values: dict[str, Any]) -> Person:
        user = values.pop("user", None)
        community = values.pop("community")
        new = actions.NewPerson(user_id=user.pk if user else None, **values)
        return actions.add_person(community=community, person=new)

    def change(self, row: Person, values: dict[str, Any]) -> Person:
        return actions.change_person(person=row, **values)


@register(Household, site=site)
class HouseholdAdmin(PeopleAdmin):
    """Another dwelling means that the household moves there, with all who live in it."""

    list_display = ("__str__", home, "number", "kind", entered_at)
    list_filter = ("community", "kind")
    list_select_related = ("dwelling__building__compound", "dwelling__unit")
    raw_id_fields = ("dwelling",)
    fields = ("community", "dwelling", "number", "kind")
    actions = (ending(lambda household, _by: actions.end_household(household=household)),)

    def add(self, values: dict[str, Any]) -> Household:
        new = actions.NewHousehold(values["dwelling"].pk, values["number"], values["kind"])
        return actions.add_household(community=values["community"], household=new)

    def change(self, row: Household, values: dict[str, Any]) -> Household:
        to = values.pop("dwelling", None)
        if to is not None:
            row = actions.move_household(household=row, to=to)
        return actions.change_household(household=row, **values) if values else row


@register(Residence, site=site)
class ResidenceAdmin(NewOnlyAdmin):
    """Who lives and is registered where. A residence begins and ends; it is never changed."""

    ends = False
    list_display = ("called", home, "household", "basis", "tenure", "role", "since", "until")
    list_filter = ("community", "basis", "tenure", "role")
    list_select_related = ("person", "dwelling__building__compound", "dwelling__unit", "household")
    raw_id_fields = ("person", "dwelling", "household")
    fields = ("community", "person", "dwelling", "household", "basis", "tenure", "role")

    @display(description=_("person"), ordering="person")
    def called(self, residence: Residence) -> str:
        return named(residence.person)

    actions = (ending(lambda residence, _by: actions.end_residence(residence=residence)),)

    def add(self, values: dict[str, Any]) -> Residence:
        household = values.pop("household")
        new = actions.NewResidence(
            person_id=values.pop("person").pk,
            dwelling_id=values.pop("dwelling").pk,
            household_id=household.pk if household else None,
            **{name: values[name] for name in ("basis", "tenure", "role")},
        )
        return actions.start_residence(community=values["community"], residence=new)


class OrganisationForm(AnyModelForm):
    """Whoever answers for it is a person, and masked like one."""

    contact_name = forms.CharField(
        label=_("who answers for it"), max_length=60, required=False, help_text=KEEP
    )
    phone = forms.CharField(label=_("phone"), max_length=24, required=False, help_text=KEEP)

    class Meta:
        model = Organisation
        fields = ("name", "kind", "dwelling", "unit", "building")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("contact_name", None)
        told_to_keep(self)


@register(Organisation, site=site)
class OrganisationAdmin(PeopleAdmin):
    form = OrganisationForm
    list_display = ("name", "kind", "dwelling", "unit", "building", "contact_masked", "phone_masked")
    list_filter = ("community", "kind")
    list_select_related = ("dwelling", "unit__building", "building")
    raw_id_fields = ("dwelling", "unit", "building")
    search_fields = ("name",)
    fields = ("community", "name", "kind", "dwelling", "unit", "building", "contact_name", "phone")
    actions = (ending(lambda organisation, _by: actions.end_organisation(organisation=organisation)),)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return beside_masked(self.fields, {"contact_masked": "contact_name", "phone_masked": "phone"}, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("contact_masked", "phone_masked", *super().get_readonly_fields(request, obj))

    @display(description=_("who answers for it, masked"))
    def contact_masked(self, organisation: Organisation) -> str:
        return masked_name(organisation.contact_name)

    @display(description=_("phone, masked"))
    def phone_masked(self, organisation: Organisation) -> str:
        return masked_phone(text_of(organisation, "phone_sealed")) if organisation.pk else ""

    def add(self, values: dict[str, Any]) -> Model:
        homes = [home for home in (values.pop(name) for name in ("dwelling", "unit", "building")) if home]
        new = actions.NewOrganisation(home=one_home(homes), **_but(values, "community"))
        [pk] = actions.add_organisations(community=values["community"], organisations=[new])
        return Organisation.objects.get(pk=pk)

    def change(self, row: Organisation, values: dict[str, Any]) -> Organisation:
        places = values.keys() & {"dwelling", "unit", "building"}
        if places:
            homes = [values.pop(name) for name in places]
            values["home"] = one_home([home for home in homes if home])
        return actions.change_organisation(organisation=row, **values)


def named(person: Person) -> str:
    """The masked name and the number, as elsewhere on these pages."""
    return f"{masked_name(person.name)} #{person.pk}"


def one_home(homes: list[Any]) -> Any:
    """The one place that was chosen. Raises Invalid for none or several."""
    if len(homes) != 1:
        raise Invalid("An organisation is in a dwelling, in a unit or in a building.", where="dwelling")
    return homes[0]


def _but(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
