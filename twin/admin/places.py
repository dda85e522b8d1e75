from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import action, display, register
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.actions import record
from twin.admin.cutting import AT_ONCE
from twin.admin.map_widget import MapWidget, shown_on_map
from twin.admin.rooms import VerbAdmin, ending
from twin.admin.site import site
from twin.admin.work import clerk_of
from twin.base.errors import Invalid, TwinError
from twin.base.refusals import reason_of
from twin.places import actions
from twin.places.actions.cut_runs import plan_cutting
from twin.places.models import (
    Building,
    Community,
    Compound,
    CutRun,
    Dwelling,
    Entrance,
    Grid,
    LandCover,
    Street,
    Unit,
)


class PlaceAdmin(VerbAdmin):
    """Places that stand. Those that have ended stay in the database, out of the way."""

    list_filter: ClassVar[tuple[str, ...]] = ("community",)
    exclude = ("source", "source_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(ended_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community",) if obj else ()  # nothing crosses from one community to another


@register(Community, site=site)
class CommunityAdmin(VerbAdmin):
    list_display = ("name", "name_en", "code", "division", "time_zone")
    readonly_fields = ("name", "name_en", "code", "time_zone", "approval_number", "storey_height_m", "on_map")
    fields = ("name", "name_en", "code", "division", *readonly_fields[3:])

    class Media(MapWidget.Media):
        pass

    @display(description=_("boundary"))
    def on_map(self, community: Community) -> SafeString:
        return shown_on_map(community, "boundary")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # founded with `manage.py found_community`, by whoever runs the installation

    def change(self, row: Any, values: dict[str, Any]) -> Any:
        return actions.describe_community(community=row, **values)


@register(Grid, site=site)
class GridAdmin(PlaceAdmin):
    list_display = ("name", "kind", "code", "parent", "buildings")
    list_filter = ("community", "kind")
    search_fields = ("name", "code")
    actions = (ending(lambda grid, _by: actions.end_grid(grid=grid)),)
    fields = ("community", "parent", "name", "name_en", "kind", "code", "colour", "geometry")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("community", "parent", "kind") if obj.parent_id is None else ("community", "kind")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A grid can lie in any other of its community that does not lie in it."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "parent" in form.base_fields:
            field: Any = form.base_fields["parent"]
            others = field.queryset.filter(community=obj.community_id).exclude(path__startswith=obj.path)
            field.queryset, field.required = others.order_by("path"), True
            field.help_text = say("Another one: this grid moves there, with all grids and buildings in it.")
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        root = Grid.objects.standing().filter(community=given.get("community"), parent=None).first()
        return {"parent": root.pk if root else None, **given}  # type: ignore[dict-item]

    @display(description=_("buildings"))
    def buildings(self, grid: Grid) -> int:
        return Building.objects.standing().inside(grid).count()

    def add(self, values: dict[str, Any]) -> Grid:
        return actions.draw_grid(**values)

    def change(self, row: Grid, values: dict[str, Any]) -> Grid:
        parent = values.pop("parent", None)
        if parent is not None:
            actions.move_grid(grid=row, parent=parent)
            row.refresh_from_db()
        if values:
            actions.reshape_grid(grid=row, **values)
        return row


@register(Compound, site=site)
class CompoundAdmin(PlaceAdmin):
    list_display = ("name", "kind", "committee")
    list_filter = ("community", "kind")
    search_fields = ("name", "committee")
    fields = ("community", "name", "kind", "committee", "geometry")
    actions = (ending(lambda place, _by: actions.end_place(place=place)),)

    def add(self, values: dict[str, Any]) -> Compound:
        return actions.add_compound(**values)

    def change(self, row: Compound, values: dict[str, Any]) -> Compound:
        return actions.change_place(place=row, **values)


@register(Entrance, site=site)
class EntranceAdmin(PlaceAdmin):
    list_display = ("compound", "name")
    fields = ("compound", "name", "position")
    actions = (ending(lambda place, _by: actions.end_place(place=place)),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("compound",) if obj else ()

    def add(self, values: dict[str, Any]) -> Entrance:
        return actions.add_entrance(**values)

    def change(self, row: Entrance, values: dict[str, Any]) -> Entrance:
        return actions.change_place(place=row, **values)


@register(Street, site=site)
class StreetAdmin(PlaceAdmin):
    list_display = ("name", "kind")
    list_filter = ("community", "kind")
    search_fields = ("name",)
    fields = ("community", "name", "kind", "geometry")
    actions = (ending(lambda place, _by: actions.end_place(place=place)),)

    def add(self, values: dict[str, Any]) -> Street:
        return actions.add_street(**values)

    def change(self, row: Street, values: dict[str, Any]) -> Street:
        return actions.change_place(place=row, **values)


@register(LandCover, site=site)
class LandCoverAdmin(PlaceAdmin):
    list_display = ("name", "kind")
    list_filter = ("community", "kind")
    search_fields = ("name",)
    fields = ("community", "name", "kind", "geometry")
    actions = (ending(lambda place, _by: actions.end_place(place=place)),)

    def add(self, values: dict[str, Any]) -> LandCover:
        return actions.add_land_cover(**values)

    def change(self, row: LandCover, values: dict[str, Any]) -> LandCover:
        return actions.change_place(place=row, **values)


@action(description=_("Cut into units and dwellings"))
def cut(office: PlaceAdmin, request: HttpRequest, buildings: QuerySet[Any]) -> HttpResponse | None:
    """Each building by itself: what cannot be cut is said, the others are cut. Many of them in the background."""
    own = buildings.filter(community__in=office.edited(request))
    if own.count() > AT_ONCE:
        return cut_later(office, request, own)
    for building in own.order_by("id"):
        try:
            made = actions.cut_building(building=building)
        except TwinError as error:
            office.message_user(request, reason_of(error), "ERROR")
        else:
            told = {"building": building, "count": made}
            office.message_user(request, say("%(building)s: %(count)d dwellings.") % told)
    return None


def cut_later(office: PlaceAdmin, request: HttpRequest, buildings: QuerySet[Any]) -> HttpResponse | None:
    """One cutting for each community; the page of the last one is shown."""
    pages: Any = office.admin_site.get_model_admin(CutRun)
    answer = None
    for community in Community.objects.filter(building__in=buildings.order_by()).distinct():
        try:
            run = plan_cutting(
                community=community, buildings=buildings, what=say("Chosen ones"), by=clerk_of(request)
            )
        except Invalid as error:
            office.message_user(request, error.message, "ERROR")
        else:
            record(by=clerk_of(request), action="cutting.start", community=community, subject=run)
            answer = pages.started(run)
    return answer


@register(Building, site=site)
class BuildingAdmin(PlaceAdmin):
    list_display = ("__str__", "address", "grid", "compound", "use", "floors_above", "cut")
    list_filter = ("community", "use", "cut", "grid", "compound")
    list_select_related = ("grid", "compound")
    search_fields = ("name", "number", "address")
    actions = (cut, ending(lambda building, _by: actions.end_building(building=building)))
    fields = (
        "community", "name", "number", "address", "use", "facility", "compound", "grid", "footprint", "base_m",
        "height_m", "floors_above", "floors_below", "units_stated", "unit_names", "flats_per_floor", "numbering",
        "skipped_floors", "year_built",
    )  # fmt: skip

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "grid" in form.base_fields:
            form.base_fields["grid"].required = False
            form.base_fields["grid"].help_text = say("Empty: the grid in which most of it lies")
        return form

    def add(self, values: dict[str, Any]) -> Building:
        return actions.add_building(**values)

    def change(self, row: Building, values: dict[str, Any]) -> Building:
        decided = "grid" in values
        grid = values.pop("grid", None)
        changed = actions.change_building(building=row, **values) if values else row
        return actions.place_in_grid(building=changed, grid=grid) if decided else changed


class ReadOnlyPlaceAdmin(PlaceAdmin):
    """Made by cutting a building, and looked at here."""

    readonly_fields = ("on_map",)
    shape = ""

    class Media(MapWidget.Media):
        pass

    @display(description=_("Map"))
    def on_map(self, place: Unit | Dwelling) -> SafeString:
        return shown_on_map(place, self.shape)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@register(Unit, site=site)
class UnitAdmin(ReadOnlyPlaceAdmin):
    list_display = ("building", "number", "name")
    list_select_related = ("building",)
    search_fields = ("building__name", "building__address", "name")
    fields = ("community", "building", "number", "name", "on_map")
    shape = "entrance"


@register(Dwelling, site=site)
class DwellingAdmin(ReadOnlyPlaceAdmin):
    list_display = ("building", "unit", "floor", "room", "use", "estimated")
    list_select_related = ("building", "unit")
    list_filter = ("community", "use", "estimated")
    search_fields = ("room", "building__name", "building__address")
    fields = (
        "community",
        "building",
        "unit",
        "floor",
        "room",
        "use",
        "base_m",
        "top_m",
        "estimated",
        "on_map",
    )
    shape = "footprint"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(field for field in self.fields if field != "use")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)

    def change(self, row: Dwelling, values: dict[str, Any]) -> Dwelling:
        actions.state_use(community=row.community, uses={row.pk: values["use"]})
        return row
