"""What every page of the back office shares: rows through the gate, saves through verbs, nothing deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin, RelatedOnlyFieldListFilter, action, display
from django.contrib.gis.db.models import GeometryField
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.gate import visible
from twin.access.roles import MAY_EDIT_PLACES
from twin.admin.map_widget import MapWidget, community_of, put_on_ground
from twin.admin.site import scope_of_clerk
from twin.base.errors import NotVisible, TwinError
from twin.base.refusals import reason_of
from twin.base.scope import Scope
from twin.places.descriptions import address_of
from twin.places.models import Community, Dwelling

M = TypeVar("M", bound=Model)


class ScopedRelatedFilter(RelatedOnlyFieldListFilter):
    """A filter whose choices are only what the clerk may see: the names of other communities are choices too."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        chosen = model_admin.get_queryset(request).values_list(f"{self.field_path}__pk", flat=True).distinct()
        rows = field.related_model._default_manager.filter(pk__in=chosen)
        if hasattr(rows, "visible_to"):
            rows = visible(rows, to=scope_of_clerk(request))
        return [(row.pk, str(row)) for row in rows]


if TYPE_CHECKING:
    AnyModelAdmin = ModelAdmin[Any]
else:
    AnyModelAdmin = ModelAdmin


class ScopedAdmin(AnyModelAdmin):
    """Shows what the clerk's scope shows. `editors` are the roles that may change it, in their own community."""

    editors: ClassVar[frozenset[str]] = MAY_EDIT_PLACES
    list_per_page = 50
    actions_selection_counter = True
    formfield_overrides: ClassVar[dict[Any, Any]] = {GeometryField: {"widget": MapWidget}}

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("back-office.css",)}

    def scope(self, request: HttpRequest) -> Scope:
        return scope_of_clerk(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(self.model._default_manager.all(), to=self.scope(request))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [self._scoped(name) for name in super().get_list_filter(request)]

    def _scoped(self, name: Any) -> Any:
        related = isinstance(name, str) and self.model._meta.get_field(name).is_relation
        return (name, ScopedRelatedFilter) if related else name

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Only what the clerk may edit can be chosen, and only what still stands. Who also looks at a second community must
        not write into it."""
        model: type[Any] = db_field.related_model  # type: ignore[assignment]
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            own = {"pk" if model is Community else "community": self.edited(request)}
            own = {f"{lookup}__in": communities for lookup, communities in own.items()}
            kwargs.setdefault("queryset", standing(visible(rows, to=self.scope(request))).filter(**own))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def edited(self, request: HttpRequest) -> frozenset[int]:
        """The communities that this clerk may edit here: those for the whole of which an editor's role is held."""
        return self.scope(request).whole_of(self.editors)

    def may_edit(self, request: HttpRequest, row: Model | None = None) -> bool:
        edited = self.edited(request)
        return bool(edited) if row is None else community_of(row) in edited

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_edit(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_edit(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # nothing is deleted: things end, by an action that says so


class VerbAdmin(ScopedAdmin):
    """Saves by calling the room's verbs; what a verb or a constraint refuses is said on the form, and nothing is saved."""

    def add(self, values: dict[str, Any]) -> Model:
        raise TypeError(f"{type(self).__name__} cannot add")

    def change(self, row: Any, values: dict[str, Any]) -> Model:
        raise TypeError(f"{type(self).__name__} cannot change")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        """A form that tries its verb while it is being checked, so that a refusal is an error beside the fields."""
        office = self
        base = super().get_form(request, obj, change, **kwargs)

        class Tried(base):  # type: ignore[misc, valid-type]
            by = request.user
            edited = office.edited(request)

            def clean(self) -> dict[str, Any] | None:
                values = super().clean()
                if not self.errors:
                    office._try(self, obj, change)
                return values  # type: ignore[no-any-return]

            def _post_clean(self) -> None:
                # The database is asked, by the verb; Django would answer with no more than the constraint's name.
                self.instance.validate_constraints = lambda exclude=None: None
                super()._post_clean()

        put_on_ground(Tried, obj, self.model, community_of(obj) if obj else self.own_community(request))
        return Tried

    def own_community(self, request: HttpRequest) -> int | None:
        """The community that this clerk edits; None for who edits several and therefore has to choose."""
        edited = self.edited(request)
        return min(edited) if len(edited) == 1 else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        return {"community": self.own_community(request), **given}  # type: ignore[dict-item]

    def _try(self, form: Any, row: Any, change: bool) -> None:
        """Do it, ask the deferred constraints, and take it back: the page's own transaction does it for good."""
        try:
            with transaction.atomic():
                tried = self._do(form, row, change)
                if community_of(tried) not in form.edited:
                    raise NotVisible("There is nothing here for you.")
                _ask_constraints()
                transaction.set_rollback(True)
        except TwinError as error:
            form.add_error(error.where if error.where in form.fields else None, reason_of(error))
        except IntegrityError as error:
            form.add_error(None, reason_of(error))

    def _do(self, form: Any, row: Any, change: bool) -> Model:
        values = {
            name: form.cleaned_data[name] for name in (form.changed_data if change else form.cleaned_data)
        }
        if not change:
            return self.add(values)
        fresh = type(row)._default_manager.get(pk=row.pk)
        return self.change(fresh, values) if values else fresh

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        form.row = form.instance if change else None
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        saved = self._do(form, obj, change)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Verbs save whole rows; there is nothing beside them."""


END = _("End the chosen ones: they no longer exist")


def ending(verb: Callable[[Any, Any], Any], description: Any = END) -> Any:
    """An action that ends the chosen rows: all of them or, if one refuses, none. The verb is given row and clerk."""

    @action(description=description)
    def end(office: ScopedAdmin, request: HttpRequest, rows: QuerySet[Any]) -> None:
        chosen: Iterable[Any] = list(rows)
        if not all(office.may_edit(request, row) for row in chosen):
            return
        try:
            with transaction.atomic():
                for row in chosen:
                    verb(row, request.user)
                _ask_constraints()
        except (TwinError, IntegrityError) as error:
            office.message_user(request, reason_of(error), messages.ERROR)
        else:
            office.message_user(request, say("Ended: %(count)d.") % {"count": len(list(chosen))})

    return end


@display(description=_("entered at"), ordering="created_at")
def entered_at(row: Any) -> Any:
    return row.created_at


@display(description=_("dwelling"), ordering="dwelling")
def home(row: Any) -> str:
    """Where the row's dwelling is, for a list: a room's number alone is in every stairwell."""
    dwelling: Dwelling | None = row.dwelling
    return "" if dwelling is None else address_of(dwelling.building, dwelling.unit, dwelling.room)


def told_moment(at: datetime | None) -> str:
    """As lists tell it. Django writes what a page computes for itself as a program would."""
    return "–" if at is None else date_format(localtime(at), "DATETIME_FORMAT")


def told_lasting(lasting: timedelta | None) -> str:
    """Days, hours and minutes in words: "2 days 6 hours"."""
    if lasting is None:
        return "–"
    minutes = round(lasting.total_seconds() / 60)
    parts = ((minutes // 1440, say("%(n)d days")), (minutes // 60 % 24, say("%(n)d hours")),
             (minutes % 60, say("%(n)d minutes")))  # fmt: skip
    return " ".join(words % {"n": n} for n, words in parts if n) or say("%(n)d minutes") % {"n": 0}


def standing(rows: QuerySet[M]) -> QuerySet[M]:
    """What still exists, of tables whose rows end."""
    return rows.filter(ended_at=None) if hasattr(rows.model, "ended_at") else rows


def _ask_constraints() -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
