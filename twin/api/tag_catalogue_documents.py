"""What catalogues of tags look like on the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.run_documents import FileUpload, NoteDocument, RowsPage, RunEntry, RunReport, rows_page
from twin.base.notes import told_note
from twin.people.models import TagCatalogueRow, TagCatalogueRun


class TagCatalogueUpload(FileUpload):
    """The spreadsheet and how to read it. `fields` is a JSON object: our field -> column, by its name or its letter."""

    community = serializers.IntegerField(min_value=1, max_value=2**53)
    file = serializers.FileField(allow_empty_file=True, max_length=200, help_text="XLSX or CSV")
    sheet = serializers.CharField(required=False, max_length=60, help_text="Else all that have a header")
    encoding = serializers.CharField(required=False, max_length=40, help_text="Of a CSV; else told by trying")
    lower = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=500,
        help_text="Codes of the tags whose level may fall; without it no level falls",
    )
    why = serializers.CharField(required=False, max_length=200, help_text="Why they fall; the audit keeps it")
    fields_ = serializers.JSONField(required=False, help_text='{"code": "标签编码", "level": "F"}')


class TagCatalogueRowDocument(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    number = serializers.IntegerField(help_text="As the sheet shows it")
    kind = serializers.ChoiceField(TagCatalogueRow.Kind.choices)
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    verdict = serializers.ChoiceField(TagCatalogueRow.Verdict.choices)
    about_id = serializers.IntegerField(allow_null=True, help_text="The tag or class, once it is there")
    changes = serializers.DictField(help_text="field -> [then, now]; of a new one then is null")
    notes = NoteDocument(
        many=True, help_text="Of a refused row the reason comes first; `field` and `letter` name the cell"
    )


class TagCatalogueRowsPage(RowsPage):
    results = TagCatalogueRowDocument(many=True)


class TagCatalogueEntry(RunEntry):
    counts = serializers.SerializerMethodField(
        help_text="Rows by verdict, classes that come in new, levels that fall, faults"
    )

    class Meta:
        model = TagCatalogueRun
        fields = ["id", "community", "file_name", "state", "by", "created_at", "applied_at", "counts"]


class TagCatalogueDocument(RunReport, TagCatalogueEntry):
    class Meta(TagCatalogueEntry.Meta):
        fields = [*TagCatalogueEntry.Meta.fields, "read_as", "notes", "reasons", "error", "rows"]

    @extend_schema_field(TagCatalogueRowsPage)
    def get_rows(self, run: TagCatalogueRun) -> dict[str, Any]:
        return rows_page(self.context["page"], row_document)


def row_document(row: TagCatalogueRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet, "number": row.number, "kind": row.kind, "code": row.code, "name": row.name,
        "verdict": row.verdict, "about_id": row.about_id, "changes": row.changes,
        "notes": [told_note(one) for one in row.notes],
    }  # fmt: skip
