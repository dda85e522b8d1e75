"""The catalogue of tags over HTTP: what may be said of people, households and dwellings, and how it looks."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.alarms import Words
from twin.api.filters import IdFilter
from twin.api.scoped import ScopedViewSet
from twin.people.models import Tag, TagClass
from twin.people.readings import words_of_title


def words(row: Tag | TagClass) -> dict[str, str]:
    return {"zh": row.name, "en": row.name_en or row.name}


class TagClassEntry(serializers.ModelSerializer[TagClass]):
    name = serializers.SerializerMethodField()

    class Meta:
        model = TagClass
        fields = ["id", "community", "parent", "code", "name", "colour", "position"]

    @extend_schema_field(Words)
    def get_name(self, row: TagClass) -> dict[str, str]:
        return words(row)


class TagEntry(serializers.ModelSerializer[Tag]):
    """A tag. L5 is an opaque code without a name, and only for who gives tags."""

    name = serializers.SerializerMethodField()
    find = serializers.SerializerMethodField(
        help_text="How the Chinese name is read, whole and in short, with spaces between"
    )

    class Meta:
        model = Tag
        fields = [
            "id", "community", "tag_class", "code", "name", "find", "level", "applies_to", "colour", "pattern", "symbol",
            "purpose", "basis", "lasts_days", "position",
        ]  # fmt: skip

    @extend_schema_field(Words)
    def get_name(self, row: Tag) -> dict[str, str]:
        return words(row)

    def get_find(self, row: Tag) -> str:
        return words_of_title(row.name)


class TagClassFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")


class TagFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    tag_class = IdFilter(field_name="tag_class")
    applies_to = django_filters.ChoiceFilter(choices=Tag.Applies.choices)


class TagClasses(ScopedViewSet):
    """Classes of tags, a tree."""

    rows = TagClass.objects.in_force()
    serializer_class = TagClassEntry
    filterset_class = TagClassFilter


class Tags(ScopedViewSet):
    """Tags that a community has agreed on."""

    rows = Tag.objects.in_force()
    serializer_class = TagEntry
    filterset_class = TagFilter
