"""The JSON documents of points. What the viewer has no right to is null, never left out; names are masked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.alarms import Words
from twin.points.models import Band, Claim, Entry, Redemption, Reward, Rule, RuleClass, RuleVersion
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


class PhotoEntry(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    url = serializers.CharField(allow_null=True, help_text="Null once it is no longer kept")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    seen_before = serializers.BooleanField(
        allow_null=True, help_text="The same file came with another claim; for auditors, else null"
    )


class ClaimDocument(serializers.Serializer[Any]):
    """A claim. Who it is about is told as far as the viewer may see the household."""

    id = serializers.IntegerField()
    community_id = serializers.IntegerField()
    household_id = serializers.IntegerField()
    called = serializers.CharField(allow_null=True, allow_blank=True, help_text="Masked")
    address = serializers.CharField(allow_null=True)
    dwelling_id = serializers.IntegerField(allow_null=True)
    rule = RuleNamed()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    happened_at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    filed_at = serializers.DateTimeField()
    filed_by_me = serializers.BooleanField()
    filed_by = serializers.CharField(allow_null=True, help_text="For auditors")
    state = serializers.ChoiceField(Claim.State.choices)
    reason = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    points = serializers.IntegerField(allow_null=True, help_text="What it gave")
    photos = PhotoEntry(many=True)
    may_decide = serializers.BooleanField()


class FileClaim(serializers.Serializer[Any]):
    """A deed, as a form (with photos) or as JSON (without)."""

    household = serializers.IntegerField(min_value=1, max_value=2**53)
    rule = serializers.IntegerField(min_value=1, max_value=2**53)
    happened_at = serializers.DateTimeField(allow_null=True, default=None, help_text="Default: now")
    note = serializers.CharField(max_length=400, allow_blank=True, default="")
    client_id = serializers.UUIDField(
        allow_null=True, default=None, help_text="Sent again with the same one, it is filed once"
    )
    photos = serializers.ListField(
        child=serializers.FileField(max_length=200), required=False, default=list, help_text="JPEG, PNG, WebP"
    )


class Decision(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
    points = serializers.IntegerField(
        allow_null=True, default=None, help_text="Where the rule leaves them open"
    )
    reason = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="For a refusal")


class RewardEntry(serializers.ModelSerializer[Reward]):
    name = InBothLanguages()

    class Meta:
        model = Reward
        fields = ["id", "community", "code", "name", "price", "stock"]


class NewReward(serializers.Serializer[Any]):
    community = serializers.IntegerField(min_value=1, max_value=2**53)
    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, allow_blank=True, default="")
    price = serializers.IntegerField(min_value=1, max_value=100_000)
    stock = serializers.IntegerField(min_value=0, max_value=1_000_000, default=0)


class ChangeReward(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, required=False)
    name_en = serializers.CharField(max_length=80, allow_blank=True, required=False)
    price = serializers.IntegerField(min_value=1, max_value=100_000, required=False)


class Restocking(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(
        min_value=-1_000_000, max_value=1_000_000, help_text="Below zero: taken off the shelf"
    )
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class Spending(serializers.Serializer[Any]):
    household = serializers.IntegerField(min_value=1, max_value=2**53)
    quantity = serializers.IntegerField(min_value=1, max_value=100, default=1)
    price = serializers.IntegerField(min_value=1, max_value=100_000, help_text="The price that was shown")
    client_id = serializers.UUIDField(help_text="Sent again with the same one, it is spent once")


class RedemptionDocument(serializers.ModelSerializer[Redemption]):
    """Points spent on a reward."""

    reward = RewardEntry()
    points = serializers.IntegerField(help_text="What it cost")
    called = serializers.SerializerMethodField(help_text="Masked; null for who may not see the household")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Redemption
        fields = [
            "id", "community_id", "household_id", "called", "reward", "quantity", "price", "points", "state",
            "created_at", "handed_over_at", "cancelled_at",
        ]  # fmt: skip

    def get_called(self, row: Redemption) -> str | None:
        home = self.context["homes"].get(row.household_id)
        return home.called if home else None

    @extend_schema_field(serializers.ChoiceField(["waiting", "handed_over", "cancelled"]))
    def get_state(self, row: Redemption) -> str:
        if row.cancelled_at is not None:
            return "cancelled"
        return "waiting" if row.handed_over_at is None else "handed_over"
