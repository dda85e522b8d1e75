"""The JSON documents of points. What the viewer has no right to is null, never left out; names are masked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.alarms import Words
from twin.points.models import Band, Entry, Rule, RuleClass, RuleVersion
from twin.points.periods import Period


def words(row: Any) -> dict[str, str]:
    return {"zh": row.name, "en": row.name_en or row.name}


class InBothLanguages(serializers.Field[Any, Any, Any, Any]):
    """The `name` and `name_en` of a row, together."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Any) -> dict[str, str]:
        return words(row)


extend_schema_field(Words)(InBothLanguages)


class RuleClassEntry(serializers.ModelSerializer[RuleClass]):
    name = InBothLanguages()

    class Meta:
        model = RuleClass
        fields = ["id", "code", "name"]


class VersionEntry(serializers.ModelSerializer[RuleVersion]):
    """What a rule says from `valid_from` on. `least` and `most` are equal where nothing is left to decide."""

    name = InBothLanguages()
    rule_class = RuleClassEntry(source="kind")

    class Meta:
        model = RuleVersion
        fields = [
            "id", "number", "valid_from", "name", "rule_class", "description", "least", "most", "needs_audit",
            "needs_photo", "cap_times", "cap_points", "cap_period",
        ]  # fmt: skip


class RuleEntry(serializers.ModelSerializer[Rule]):
    """A rule, and what it says now; null before its first version begins and after its end."""

    now = serializers.SerializerMethodField()

    class Meta:
        model = Rule
        fields = ["id", "community", "code", "ended_at", "now"]

    @extend_schema_field(VersionEntry(allow_null=True))
    def get_now(self, rule: Rule) -> Any:
        version = self.context["versions"].get(rule.pk)
        return VersionEntry(version).data if version else None


class RuleDocument(RuleEntry):
    """A rule with everything that it ever said, the newest first."""

    versions = serializers.SerializerMethodField()

    class Meta(RuleEntry.Meta):
        fields = [*RuleEntry.Meta.fields, "versions"]

    @extend_schema_field(VersionEntry(many=True))
    def get_versions(self, rule: Rule) -> Any:
        rows = rule.versions.select_related("kind").order_by("-number")
        return VersionEntry(rows, many=True).data


class PublishRule(serializers.Serializer[Any]):
    """A new rule, or the next version of the one with this code."""

    community = serializers.IntegerField(min_value=1, max_value=2**53)
    code = serializers.SlugField(max_length=40)
    rule_class = serializers.IntegerField(min_value=1, max_value=2**53)
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    description = serializers.CharField(max_length=400, required=False, allow_blank=True)
    least = serializers.IntegerField(min_value=-1000, max_value=1000)
    most = serializers.IntegerField(min_value=-1000, max_value=1000)
    needs_audit = serializers.BooleanField(default=True)
    needs_photo = serializers.BooleanField(default=False)
    cap_times = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, default=None)
    cap_points = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, default=None)
    cap_period = serializers.ChoiceField(Period.choices, allow_blank=True, default="")
    valid_from = serializers.DateTimeField(allow_null=True, default=None, help_text="Default: now")


class RuleNamed(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = Words()
    rule_class = serializers.CharField(help_text="Code of the class")


def rule_named(version: RuleVersion | None) -> dict[str, Any] | None:
    if version is None:
        return None
    rule = version.rule
    return {"id": rule.pk, "code": rule.code, "name": words(version), "rule_class": version.kind.code}


class EntryDocument(serializers.Serializer[Any]):
    """A line of a ledger. Evidence, auditor and reversals are for who sees the whole ledger, else null."""

    id = serializers.IntegerField()
    household_id = serializers.IntegerField()
    kind = serializers.ChoiceField(Entry.Kind.choices)
    points = serializers.IntegerField()
    rule = RuleNamed(allow_null=True, help_text="Null for what was spent or taken back")
    reward = Words(allow_null=True)
    happened_at = serializers.DateTimeField()
    written_at = serializers.DateTimeField()
    evidence = serializers.CharField(allow_null=True, allow_blank=True)
    auditor = serializers.CharField(allow_null=True)
    reverses_id = serializers.IntegerField(allow_null=True)
    reversed = serializers.BooleanField(allow_null=True)


class Deed(serializers.Serializer[Any]):
    household = serializers.IntegerField(min_value=1, max_value=2**53)
    rule = serializers.IntegerField(min_value=1, max_value=2**53)
    points = serializers.IntegerField(
        allow_null=True, default=None, help_text="Where the rule leaves them open"
    )
    happened_at = serializers.DateTimeField(allow_null=True, default=None, help_text="Default: now")
    evidence = serializers.CharField(max_length=400, allow_blank=True, default="")


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class BandEntry(serializers.ModelSerializer[Band]):
    """A band of households by the points of their year; it holds what lies from `least` to the next one."""

    name = InBothLanguages()

    class Meta:
        model = Band
        fields = ["code", "name", "colour", "least"]


class OwnStanding(serializers.Serializer[Any]):
    """How the own household stands; nobody else's place is told."""

    month_points = serializers.IntegerField()
    month_place = serializers.IntegerField(allow_null=True)
    year_points = serializers.IntegerField()
    year_place = serializers.IntegerField(allow_null=True)


class PointsSummary(serializers.Serializer[Any]):
    """What a household's points tell the viewer. Null is what is not told."""

    household_id = serializers.IntegerField()
    community_id = serializers.IntegerField()
    balance = serializers.IntegerField(allow_null=True)
    band = BandEntry(allow_null=True)
    last_entries = EntryDocument(many=True, help_text="The last five that the viewer may see, newest first")
    waiting_claims = serializers.IntegerField(allow_null=True)
    waiting_redemptions = serializers.IntegerField(allow_null=True)
    standing = OwnStanding(allow_null=True, help_text="For the household itself")
    may_claim = serializers.BooleanField(help_text="Report a deed for it")
    may_spend = serializers.BooleanField()
    may_decide = serializers.BooleanField(help_text="Award, record breaches, audit, reverse")
