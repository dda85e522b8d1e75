"""What every import looks like on the wire, whatever was brought in.

The classes that others build on have no docstrings: the API description would tell them of each of those others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.paginator import Page
from rest_framework import serializers

from twin.base.notes import told_note
from twin.base.runs import FileRun

WORDS = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=200))


class FileUpload(serializers.Serializer[Any]):
    # `fields_` says which of our fields stands in which column; `words` names all that are JSON objects of texts.
    words: ClassVar[tuple[str, ...]] = ("fields",)

    def get_fields(self) -> dict[str, Any]:
        """`fields` on the wire; a serializer has an attribute of that name already."""
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        for name in self.words:
            WORDS.run_validation(data.get(name) or {})
        return data


class NoteDocument(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()


class RowsPage(serializers.Serializer[Any]):
    # Say in `results` what a row is.
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()


def rows_page(page: Page[Any], row_document: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "results": [row_document(row) for row in page],
    }


class RunEntry(serializers.ModelSerializer[Any]):
    # A run in a list.
    by = serializers.SerializerMethodField()

    def get_by(self, run: FileRun) -> str | None:
        return str(run.by) if run.by else None

    def get_counts(self, run: FileRun) -> dict[str, int]:
        return run.report.get("counts", {})


class RunReport(serializers.Serializer[Any]):
    # What a run found, beside its entry. Say in `get_rows` what the page in the context looks like.
    read_as = serializers.SerializerMethodField(
        help_text="Format, encoding, and of every sheet header row and columns"
    )
    notes = serializers.SerializerMethodField(help_text="On the whole file")
    row_notes = serializers.SerializerMethodField(help_text="How many rows have each note")
    reasons = serializers.SerializerMethodField(help_text="How many rows were refused for each reason")
    error = serializers.SerializerMethodField(help_text="Why it was refused as a whole, or failed")
    rows = serializers.SerializerMethodField(help_text="A page of them")

    def get_read_as(self, run: FileRun) -> dict[str, Any]:
        return run.report.get("read_as", {})

    def get_notes(self, run: FileRun) -> list[dict[str, Any]]:
        return [told_note(one) for one in run.report.get("notes", [])]

    def get_row_notes(self, run: FileRun) -> dict[str, int]:
        return run.report.get("row_notes", {})

    def get_reasons(self, run: FileRun) -> dict[str, int]:
        return run.report.get("reasons", {})

    def get_error(self, run: FileRun) -> dict[str, Any] | None:
        return told_note(run.error) if run.error else None
