"""Saved reports over HTTP: kept under a name, shared with colleagues, each run by whoever asks with their own rights."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from twin.api.alarms import Words
from twin.api.filters import IdFilter
from twin.api.people import Unkept
from twin.api.reports_documents import Id, ReportQuestion, Strict, asked_of
from twin.api.scoped import ScopedViewSet
from twin.base.scope import Scope
from twin.reports.actions import change_form, end_form, save_form
from twin.reports.forms import Opened, opened, opened_and_tried
from twin.reports.models import ReportForm
from twin.reports.querysets import makes_reports
from twin.reports.registry import FIELDS
from twin.reports.rights import community_of


class LeftOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = Words(allow_null=True, help_text="Null for a field that there is no longer")


class FormProblem(serializers.Serializer[Any]):
    message = serializers.CharField()
    where = serializers.CharField(allow_null=True)


class ReportFormEntry(serializers.ModelSerializer[ReportForm]):
    """A saved report. `question` is what this viewer may ask of it, ready to be run; `left_out` are the fields that the
    owner ticked and this viewer may not."""

    own = serializers.SerializerMethodField(help_text="Whether the viewer may change and end it")
    owner_name = serializers.CharField(source="owner.name")
    question = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()

    class Meta:
        model = ReportForm
        fields = [
            "id",
            "community",
            "name",
            "shared",
            "own",
            "owner_name",
            "changed_at",
            "question",
            "left_out",
        ]

    def get_own(self, form: ReportForm) -> bool:
        return form.owner_id == self.context["viewer"].pk

    @extend_schema_field(ReportQuestion)
    def get_question(self, form: ReportForm) -> dict[str, Any]:
        return self.opened(form).asked.as_json()

    @extend_schema_field(LeftOut(many=True))
    def get_left_out(self, form: ReportForm) -> list[dict[str, Any]]:
        of = form.question["of"]
        known = [(name, FIELDS.get((of, name))) for name in self.opened(form).left_out]
        return [
            {"id": name, "name": {"zh": field.name.zh, "en": field.name.en} if field else None}
            for name, field in known
        ]

    def opened(self, form: ReportForm) -> Opened:
        return opened(form, own_scope(self.context["scope"], form))


class ReportFormDocument(ReportFormEntry):
    """One, with why it cannot be run as it is: its area has ended, or it asks for a tag that this viewer is not told of."""

    problem = serializers.SerializerMethodField()

    class Meta(ReportFormEntry.Meta):
        fields = [*ReportFormEntry.Meta.fields, "problem"]

    @extend_schema_field(FormProblem(allow_null=True))
    def get_problem(self, form: ReportForm) -> dict[str, Any] | None:
        problem = opened_and_tried(form, own_scope(self.context["scope"], form)).problem
        return {"message": problem.message, "where": problem.where} if problem else None


class NewReportForm(Strict):
    community = Id(min_value=1, max_value=2**53)
    name = serializers.CharField(max_length=60)
    shared = serializers.BooleanField(default=False)
    question = ReportQuestion()


class ChangedReportForm(Strict):
    """What is not named stays."""

    name = serializers.CharField(max_length=60, required=False)
    shared = serializers.BooleanField(required=False)
    question = ReportQuestion(required=False)


class ReportFormFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")


class ReportForms(Unkept, ScopedViewSet):
    """Saved reports: one's own and those that are shared, by name."""

    rows = (
        ReportForm.objects.standing()
        .select_related("owner", "community")
        .defer("community__boundary")
        .order_by("name", "pk")
    )
    filterset_class = ReportFormFilter
    pagination_class = None

    def get_serializer_class(self) -> type[Any]:
        return ReportFormEntry if self.action == "list" else ReportFormDocument

    def get_serializer_context(self) -> dict[str, Any]:
        known = (
            {} if getattr(self, "swagger_fake_view", False) else {"scope": self.scope, "viewer": self.viewer}
        )
        return {**super().get_serializer_context(), **known}

    @extend_schema(request=NewReportForm, responses={201: ReportFormDocument})
    def create(self, request: Request) -> Response:
        """Keep a report under a name. 409 for a name that the viewer uses already; 400 for what could not be run."""
        asked = NewReportForm(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        community = community_of(said["community"], self.scope)
        form = save_form(
            community=community,
            name=said["name"],
            asked=asked_of(said["question"]),
            by=self.viewer,
            shared=said["shared"],
        )
        return Response(self.get_serializer(form).data, status=201)

    @extend_schema(request=ChangedReportForm, responses=ReportFormDocument)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Name, sharing or question anew: by its owner only."""
        asked = ChangedReportForm(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        question = said.pop("question", None)
        form = change_form(
            form=self.get_object(), by=self.viewer, asked=asked_of(question) if question else None, **said
        )
        return Response(self.get_serializer(form).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """It is no longer offered: by its owner only."""
        end_form(form=self.get_object(), by=self.viewer)
        return Response(status=204)


def own_scope(scope: Scope, form: ReportForm) -> Scope:
    """The viewer as a maker of reports where the form belongs."""
    return scope.in_community(form.community_id).where(makes_reports)
