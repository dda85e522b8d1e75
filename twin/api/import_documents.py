"""What imports look like on the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.run_documents import FileUpload, NoteDocument, RowsPage, RunEntry, RunReport, rows_page
from twin.base.notes import told_note
from twin.places.models import ImportRow, ImportRun


class ImportUpload(FileUpload):
    """The file and how to read it. `fields` and `set` are JSON objects: our field -> column, our field -> value."""

    words = ("fields", "set")

    community = serializers.IntegerField(min_value=1, max_value=2**53)
    kind = serializers.ChoiceField(ImportRun.Kind.choices)
    file = serializers.FileField(allow_empty_file=True, max_length=200)
    reference = serializers.FileField(
        required=False, max_length=200, help_text="Streets or buildings known to lie right"
    )
    reference_crs = serializers.CharField(required=False, max_length=4000)
    source = serializers.CharField(required=False, max_length=80)  # type: ignore[assignment]
    crs = serializers.CharField(
        required=False, max_length=4000, help_text="EPSG:4490, GCJ-02, …; else read from the file"
    )
    layer = serializers.CharField(required=False, max_length=200)
    encoding = serializers.CharField(required=False, max_length=40)
    fields_ = serializers.JSONField(required=False, help_text='{"height": "高度"}')
    set = serializers.JSONField(required=False, help_text='{"kind": "water"}')
    default_floors = serializers.IntegerField(required=False, min_value=1, max_value=100)
    end_missing = serializers.BooleanField(
        required=False, default=False, help_text="Places of this source that are not in the file end"
    )
    move_grids = serializers.BooleanField(
        required=False, default=False, help_text="Grids that name another parent move in the tree"
    )
    accept_shift = serializers.BooleanField(required=False, default=False)
    accept_far = serializers.BooleanField(required=False, default=False)
    accept_duplicates = serializers.BooleanField(required=False, default=False)

    def options(self) -> dict[str, Any]:
        """As `options_of` takes them."""
        asked = self.validated_data
        names = ("crs", "reference_crs", "layer", "encoding", "default_floors", "end_missing", "move_grids", "accept_shift",
                 "accept_far", "accept_duplicates")  # fmt: skip
        known = {name: asked[name] for name in names if name in asked}
        return {**known, "fields": asked.get("fields") or {}, "constants": asked.get("set") or {}}


class ImportRowDocument(serializers.Serializer[Any]):
    number = serializers.IntegerField(
        allow_null=True, help_text="Counted from 1 in the file; null for a place that is not in it, and ends"
    )
    source_id = serializers.CharField()
    verdict = serializers.ChoiceField(ImportRow.Verdict.choices)
    joined_into = serializers.IntegerField(allow_null=True)
    place_id = serializers.IntegerField(allow_null=True)
    changes = serializers.DictField(help_text="field -> [then, now]")
    notes = NoteDocument(many=True, help_text="Of a refused row the reason comes first")


class ImportRowsPage(RowsPage):
    results = ImportRowDocument(many=True)


class ImportEntry(RunEntry):
    class Meta:
        model = ImportRun
        fields = ["id", "community", "kind", "file_name", "source", "state", "step", "done", "total", "by", "created_at",
                  "applied_at"]  # fmt: skip


class ImportDocument(RunReport, ImportEntry):
    read_as = serializers.SerializerMethodField(
        help_text="Format, coordinate system, columns and ids, as they were read"
    )
    counts = serializers.SerializerMethodField()

    class Meta(ImportEntry.Meta):
        fields = [
            *ImportEntry.Meta.fields,
            "read_as",
            "counts",
            "notes",
            "row_notes",
            "reasons",
            "error",
            "rows",
        ]

    @extend_schema_field(ImportRowsPage)
    def get_rows(self, run: ImportRun) -> dict[str, Any]:
        return rows_page(self.context["page"], row_document)


def row_document(row: ImportRow) -> dict[str, Any]:
    return {
        "number": row.number, "source_id": row.source_id, "verdict": row.verdict, "joined_into": row.joined_into,
        "place_id": row.place_id, "changes": row.changes, "notes": [told_note(one) for one in row.notes],
    }  # fmt: skip
