"""Tags in the back office: the catalogue, and who has which."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin import action, display, register
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.accounts.models import User
from twin.admin.people import AnyModelForm, NewOnlyAdmin, PeopleAdmin, named
from twin.admin.rooms import ending, home
from twin.admin.site import site
from twin.base.errors import TwinError
from twin.base.refusals import reason_of
from twin.people import actions
from twin.people.models import DwellingTag, HouseholdTag, PersonTag, Tag, TagClass, Tagging


@register(TagClass, site=site)
class TagClassAdmin(PeopleAdmin):
    list_display = ("name", "name_en", "code", "parent", "colour", "position")
    list_select_related = ("parent",)
    fields = ("community", "parent", "code", "name", "name_en", "colour", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community", "code") if obj else ()

    def add(self, values: dict[str, Any]) -> TagClass:
        return actions.add_tag_class(**values)

    def change(self, row: TagClass, values: dict[str, Any]) -> TagClass:
        return actions.change_tag_class(tag_class=row, **values)


@register(Tag, site=site)
class TagAdmin(PeopleAdmin):
    list_display = ("__str__", "name_en", "code", "tag_class", "level", "applies_to", "symbol", "pattern")
    list_filter = ("community", "tag_class", "level", "applies_to")
    list_select_related = ("tag_class",)
    search_fields = ("name", "name_en", "code")
    fields = ("community", "tag_class", "code", "name", "name_en", "level", "applies_to", "colour", "pattern", "symbol",
              "purpose", "basis", "lasts_days", "position")  # fmt: skip
    actions = (ending(lambda tag, _by: actions.end_tag(tag=tag)),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community", "code", "applies_to") if obj else ()

    def add(self, values: dict[str, Any]) -> Tag:
        values.pop("community")  # its class has one
        return actions.add_tag(**values)

    def _do(self, form: Any, row: Any, change: bool) -> Any:
        """A level that falls is noted, with who did it."""
        if not change or not form.changed_data:
            return super()._do(form, row, change)
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        return actions.change_tag(tag=Tag.objects.get(pk=row.pk), by=form.by, **values)


class TaggingForm(AnyModelForm):
    until = forms.SplitDateTimeField(
        label=_("valid until"),
        required=False,
        help_text=_("Empty: until it is ended"),
        widget=AdminSplitDateTime,
    )

    class Meta:
        fields = ("tag", "reason", "source")


@action(description=_("Vouch for the chosen ones: they hold"))
def vouch(office: TaggingAdmin, request: HttpRequest, rows: QuerySet[Any]) -> None:
    chosen = list(rows)
    assert isinstance(request.user, User)
    if not all(office.may_edit(request, row) for row in chosen):
        return
    try:
        with transaction.atomic():
            for row in chosen:
                actions.verify_tag(tagging=row, by=request.user)
    except TwinError as error:
        office.message_user(request, reason_of(error), messages.ERROR)
    else:
        office.message_user(request, say("Vouched for: %(count)d.") % {"count": len(chosen)})


class TaggingAdmin(NewOnlyAdmin):
    """Given, vouched for and ended; never changed. L5 is given here and not seen again."""

    ends = False
    form = TaggingForm
    subject: str
    with_subject: ClassVar[tuple[str, ...]]
    actions = (ending(lambda tagging, by: actions.end_tagging(tagging=tagging, by=by)), vouch)
    list_filter = ("community", "tag")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("whose", "tag", "since", "until", "source", "reason", "verified_by", "verified_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tag", "verified_by", *self.with_subject)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        shown = ("since", "until", "verified_by", "verified_at", "ended_why") if obj else ("until",)
        return ("community", self.subject, "tag", "reason", "source", *shown)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "tag" and field is not None:
            field.queryset = field.queryset.filter(applies_to=self.subject)  # type: ignore[attr-defined]
        return field

    def _do(self, form: Any, row: Any, change: bool) -> Tagging:
        said = form.cleaned_data
        return actions.give_tag(
            tag=said["tag"], subject=said[self.subject], by=form.by,
            **{name: said[name] for name in ("until", "reason", "source")},
        )  # fmt: skip


@register(PersonTag, site=site)
class PersonTagAdmin(TaggingAdmin):
    subject = "person"
    with_subject = ("person",)
    raw_id_fields = ("person",)

    @display(description=_("person"), ordering="person")
    def whose(self, tagging: PersonTag) -> str:
        return named(tagging.person)


@register(HouseholdTag, site=site)
class HouseholdTagAdmin(TaggingAdmin):
    subject = "household"
    with_subject = ("household__dwelling__building__compound", "household__dwelling__unit")
    raw_id_fields = ("household",)

    @display(description=_("household"), ordering="household")
    def whose(self, tagging: HouseholdTag) -> str:
        return f"{home(tagging.household)} {tagging.household}"


@register(DwellingTag, site=site)
class DwellingTagAdmin(TaggingAdmin):
    subject = "dwelling"
    with_subject = ("dwelling__building__compound", "dwelling__unit")
    raw_id_fields = ("dwelling",)

    @display(description=_("dwelling"), ordering="dwelling")
    def whose(self, tagging: DwellingTag) -> str:
        return home(tagging)
