"""What rosters look like on the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.run_documents import FileUpload, NoteDocument, RowsPage, RunEntry, RunReport, rows_page
from twin.base.notes import told_note
from twin.people.models import RosterAddress, RosterRow, RosterRun
from twin.people.roster.masked import masked_changes, masked_note
from twin.places.addresses.deciding import Lesson
from twin.places.models import AddressAlias


class RosterUpload(FileUpload):
    """The spreadsheet and how to read it. `fields` is a JSON object: our field -> column, by its name or its letter."""

    community = serializers.IntegerField(min_value=1, max_value=2**53)
    file = serializers.FileField(allow_empty_file=True, max_length=200, help_text="XLSX or CSV")
    source = serializers.CharField(required=False, max_length=80)  # type: ignore[assignment]
    sheet = serializers.CharField(required=False, max_length=60, help_text="Else all that have a header")
    compound = serializers.CharField(
        required=False, max_length=80, help_text="Where addresses lie that name no place"
    )
    encoding = serializers.CharField(required=False, max_length=40, help_text="Of a CSV; else told by trying")
    fields_ = serializers.JSONField(required=False, help_text='{"name": "姓名", "address": "F"}')


class RosterRowDocument(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    number = serializers.IntegerField(help_text="As the sheet shows it")
    verdict = serializers.ChoiceField(RosterRow.Verdict.choices)
    person_id = serializers.IntegerField(allow_null=True)
    household_id = serializers.IntegerField(allow_null=True)
    dwelling_id = serializers.IntegerField(allow_null=True)
    address = serializers.IntegerField(
        allow_null=True, help_text="The doubtful address that the row waits for"
    )
    changes = serializers.DictField(help_text="field -> [then, now]; … stands for what is not shown")
    notes = NoteDocument(
        many=True, help_text="Of a refused row the reason comes first; `field` and `letter` name the cell"
    )


class RosterRowsPage(RowsPage):
    results = RosterRowDocument(many=True)


class RosterEntry(RunEntry):
    counts = serializers.SerializerMethodField(
        help_text="Rows by verdict, households, addresses that wait, faults"
    )

    class Meta:
        model = RosterRun
        fields = ["id", "community", "file_name", "source", "state", "step", "done", "total", "by", "created_at",
                  "applied_at", "counts"]  # fmt: skip


class RosterDocument(RunReport, RosterEntry):
    class Meta(RosterEntry.Meta):
        fields = [*RosterEntry.Meta.fields, "read_as", "notes", "row_notes", "reasons", "error", "rows"]

    @extend_schema_field(RosterRowsPage)
    def get_rows(self, run: RosterRun) -> dict[str, Any]:
        return rows_page(self.context["page"], row_document)


def row_document(row: RosterRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet, "number": row.number, "verdict": row.verdict, "person_id": row.person_id,
        "household_id": row.household_id, "dwelling_id": row.dwelling_id, "address": row.address_id,
        "changes": masked_changes(row.changes), "notes": [masked_note(one) for one in row.notes],
    }  # fmt: skip


class CandidateDocument(serializers.Serializer[Any]):
    title = serializers.CharField()
    building = serializers.IntegerField()
    unit = serializers.IntegerField(allow_null=True)
    dwelling = serializers.IntegerField(
        allow_null=True, help_text="Null where only the building or unit is likely"
    )
    confidence = serializers.FloatField()
    reasons = NoteDocument(many=True)


class LessonDocument(serializers.Serializer[Any]):
    learn = serializers.ChoiceField(["compound", "building", "address"])
    text = serializers.CharField(help_text="The name or the address that is remembered")
    number = serializers.CharField(
        allow_blank=True, help_text="With which number the name means the building"
    )


class RosterAddressDocument(serializers.ModelSerializer[RosterAddress]):
    roster = serializers.IntegerField(source="run_id")
    community = serializers.IntegerField(source="run.community_id")
    rows = serializers.IntegerField(source="waiting_rows", help_text="How many rows wait for it")
    reasons = serializers.SerializerMethodField()
    candidates = serializers.SerializerMethodField(help_text="The likeliest first")
    decided_by = serializers.SerializerMethodField()

    class Meta:
        model = RosterAddress
        fields = ["id", "roster", "community", "text", "state", "confidence", "rows", "reasons", "candidates", "dwelling",
                  "decided_by", "decided_at"]  # fmt: skip

    @extend_schema_field(NoteDocument(many=True))
    def get_reasons(self, address: RosterAddress) -> list[dict[str, Any]]:
        return [told_note(one) for one in address.reasons]

    @extend_schema_field(CandidateDocument(many=True))
    def get_candidates(self, address: RosterAddress) -> list[dict[str, Any]]:
        titles: dict[tuple[int, int | None], str] = self.context["titles"]
        return [
            {
                **one,
                "title": titles[one["building"], one["dwelling"]],
                "reasons": [told_note(r) for r in one["reasons"]],
            }
            for one in address.candidates
            if (one["building"], one["dwelling"]) in titles
        ]

    def get_decided_by(self, address: RosterAddress) -> str | None:
        return str(address.decided_by) if address.decided_by else None


class AddressDecision(serializers.Serializer[Any]):
    dwelling = serializers.IntegerField(min_value=1, max_value=2**53)
    learn = serializers.ChoiceField(["compound", "building", "address"], default="address")


def lesson_document(lesson: Lesson) -> dict[str, str]:
    learn = "compound" if lesson.compound_id else "building" if lesson.building_id else "address"
    return {"learn": learn, "text": lesson.text, "number": lesson.number}


class AddressAliasDocument(serializers.ModelSerializer[AddressAlias]):
    decided_by = serializers.StringRelatedField[AddressAlias](allow_null=True)
    ended_by = serializers.StringRelatedField[AddressAlias](allow_null=True)

    class Meta:
        model = AddressAlias
        fields = ["id", "community", "covers", "text", "number", "source", "compound", "building", "dwelling", "decided_by",
                  "created_at", "ended_at", "ended_by"]  # fmt: skip
