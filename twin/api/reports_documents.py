"""The JSON of reports: what can be ticked, what is asked, what is told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as say
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.alarms import Words
from twin.people.counts import PersonState
from twin.people.models import Household, Person, Residence, Tag
from twin.reports.areas import AreaKind
from twin.reports.asking import MOST_FIELDS, OLDEST, Asked
from twin.reports.field import Group, Kind, ReportField, Subject

MOST_TAGS = 100
MOST_ON_A_PAGE = 200
MOST_PAGES = 1_000_000
Id = serializers.IntegerField


class Strict(serializers.Serializer[Any]):
    """Refuses what it does not know: a filter with a slip in its name would be no filter."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            for name in data:
                if name not in self.fields:
                    raise serializers.ValidationError({str(name)[:60]: [say("There is no such field.")]})
        return super().to_internal_value(data)


class ReportFieldEntry(serializers.Serializer[ReportField]):
    """A field that this viewer may tick. The same id stands once for reports of households and once for those of people."""

    id = serializers.CharField()
    of = serializers.ChoiceField(choices=Subject.choices)
    group = serializers.ChoiceField(choices=Group.choices)
    name = Words()
    kind = serializers.ChoiceField(
        choices=Kind.choices, help_text="Numbers are numbers, days are ISO 8601, all else text"
    )
    masked = serializers.BooleanField(help_text="What is told is not the whole")
    sortable = serializers.SerializerMethodField(help_text="Whether `order` may name it")

    def get_sortable(self, field: ReportField) -> bool:
        return bool(field.order)


@extend_schema_field(
    {
        "type": "object",
        "description": "GeoJSON Polygon, EPSG:4326, longitude first; at most 500 points and 50 km²",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": ["Polygon"]},
            "coordinates": {
                "type": "array",
                "items": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
            },
        },
    }
)
class PolygonField(serializers.JSONField):
    """Looked at more closely where it is read."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("invalid")
        return {"type": data.get("type"), "coordinates": data.get("coordinates")}


class ReportArea(Strict):
    """`id` of the grid, compound or building; `geometry` of what was drawn."""

    kind = serializers.ChoiceField(choices=AreaKind.choices)
    id = Id(min_value=1, max_value=2**53, required=False, allow_null=True)
    geometry = PolygonField(required=False, allow_null=True)


def _ids() -> Any:
    return serializers.ListField(
        child=Id(min_value=1, max_value=2**53), max_length=MOST_TAGS, required=False, default=list
    )


class ReportTags(Strict):
    """Ids of tags. Of a row the tags of its person, household and dwelling count; of a household those of its people too."""

    any = _ids()
    all = _ids()
    none = _ids()


def _some_of(choices: Any, **said: Any) -> Any:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices), max_length=20, required=False, default=list, **said
    )


class ReportFilters(Strict):
    """Of people; a report of households keeps those in which somebody is as asked."""

    sex = _some_of(Person.Sex.choices)
    age_from = serializers.IntegerField(min_value=0, max_value=OLDEST, required=False, allow_null=True)
    age_to = serializers.IntegerField(min_value=0, max_value=OLDEST, required=False, allow_null=True)
    states = _some_of(PersonState.choices, help_text="How somebody stands to this home")
    tenures = _some_of(Residence.Tenure.choices)
    kinds = _some_of(Household.Kind.choices, help_text="Of the household")


class ReportQuestion(Strict):
    """What is asked, without who asks and where."""

    of = serializers.ChoiceField(choices=Subject.choices)
    area = ReportArea()
    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(max_length=40), min_length=1, max_length=MOST_FIELDS,
        help_text="Ids of `/api/report-fields/`, in the order of the columns",
    )  # fmt: skip
    tags = ReportTags(required=False)
    filters = ReportFilters(required=False)
    order = serializers.CharField(
        max_length=41,
        required=False,
        help_text="`place`, or the id of a sortable field; `-` before it: the other way round",
    )


class ReportRun(ReportQuestion):
    """One page of a report."""

    community = Id(min_value=1, max_value=2**53)
    page = serializers.IntegerField(min_value=1, max_value=MOST_PAGES, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=MOST_ON_A_PAGE, default=50)


class ReportExport(ReportQuestion):
    """All of a report, as a file."""

    community = Id(min_value=1, max_value=2**53)
    title = serializers.CharField(max_length=60, required=False, help_text="Of the spreadsheet")
    # So that what was run can be sent as it was; a file has no pages.
    page = serializers.IntegerField(required=False, help_text="Has no effect")
    page_size = serializers.IntegerField(required=False, help_text="Has no effect")


class ReportColumn(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = Words()
    kind = serializers.ChoiceField(choices=Kind.choices)
    masked = serializers.BooleanField()


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True})
class CellField(serializers.Field[Any, Any, Any, Any]):
    """Words in the language of whoever asks, a number, a day (ISO 8601), or null for what is unknown or not told."""

    def to_representation(self, value: Any) -> Any:
        return value


class ReportRow(serializers.Serializer[Any]):
    """`dwelling_id` is the window to fly to; null where the dwelling no longer stands."""

    dwelling_id = serializers.IntegerField(allow_null=True)
    household_id = serializers.IntegerField(allow_null=True)
    person_id = serializers.IntegerField(allow_null=True)
    cells = serializers.ListField(child=CellField(allow_null=True))


class ReportPage(serializers.Serializer[Any]):
    """`next` is the number of the next page, null after the last. A person with two homes in the area is in two rows."""

    columns = ReportColumn(many=True)
    rows = ReportRow(many=True)
    total = serializers.IntegerField(help_text="Rows in all, exactly")
    households = serializers.IntegerField(help_text="Different households in them")
    people = serializers.IntegerField(help_text="Different people in them; 0 of a report of households")
    page = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)


class ReportCharts(Strict):
    community = Id(min_value=1, max_value=2**53)
    area = ReportArea()


class PyramidStep(serializers.Serializer[Any]):
    """`from` to `to` years; the last step has no end, people of unknown birth have neither."""

    def get_fields(self) -> dict[str, Any]:
        number = serializers.IntegerField
        begin, end = number(source="begin", allow_null=True), number(source="end", allow_null=True)
        return {"from": begin, "to": end, "male": number(), "female": number(), "unknown": number()}


class ReportTagCount(serializers.Serializer[Any]):
    tag_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.SerializerMethodField()
    colour = serializers.CharField()
    applies_to = serializers.ChoiceField(choices=Tag.Applies.choices)
    count = serializers.IntegerField(help_text="Persons, households or dwellings, as the tag applies")

    @extend_schema_field(Words)
    def get_name(self, row: Any) -> dict[str, str]:
        return {"zh": row.name, "en": row.name_en or row.name}


class KindsOfGridEntry(serializers.Serializer[Any]):
    grid = serializers.IntegerField(source="grid.pk")
    name = serializers.SerializerMethodField()
    counts = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="People by tenure; who is only registered there counts as that",
    )

    @extend_schema_field(Words)
    def get_name(self, row: Any) -> dict[str, str]:
        return {"zh": row.grid.name, "en": row.grid.name_en or row.grid.name}


class ReportChartsDocument(serializers.Serializer[Any]):
    """Everybody who lives there once, tags that hold, and residence kinds by leaf grid."""

    pyramid = PyramidStep(many=True)
    tags = ReportTagCount(many=True)
    kinds_per_grid = KindsOfGridEntry(many=True)


def asked_of(told: dict[str, Any]) -> Asked:
    """A checked request as a question."""
    return Asked.from_json(told)
