"""Claims over HTTP: filed with photos, looked at, decided. Their photos are pictures that we encoded, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch
from twin.access.http import scope_of_request
from twin.api import points_claim_documents as documents
from twin.api.filters import IdFilter
from twin.api.points_documents import rule_named
from twin.api.points_names import Home, homes_of
from twin.api.scoped import ScopedViewSet
from twin.base.errors import NotVisible, TooLarge
from twin.base.http import JsonParser
from twin.base.photos import CONTENT_TYPE, MIB, MOST_BYTES, CleanPhoto, clean_photo
from twin.base.scope import Scope
from twin.base.uploads import once
from twin.people.models import Household
from twin.people.querysets import own_households
from twin.points.actions import audit_claim, file_claim, withdraw_claim
from twin.points.actions.claims import MOST_PHOTOS
from twin.points.actions.rights import runs_points
from twin.points.models import Claim, ClaimPhoto, Rule
from twin.points.querysets import ledgers_of

Document = dict[str, Any]
SAME_FILE = ClaimPhoto.objects.filter(received_sha256=OuterRef("received_sha256")).exclude(
    claim=OuterRef("claim")
)


class ClaimFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    household = IdFilter(field_name="household")
    state = django_filters.MultipleChoiceFilter(choices=Claim.State, label="May be given several times")

    class Meta:
        model = Claim
        fields: list[str] = []


class Claims(ScopedViewSet):
    """Claims, the newest first: of one's own household, one's own reports, and for auditors all of them."""

    rows = Claim.objects.with_rule()
    serializer_class = documents.ClaimDocument
    filterset_class = ClaimFilter
    parser_classes = [JsonParser, MultiPartParser]

    def get_queryset(self) -> QuerySet[Any]:
        photos = ClaimPhoto.objects.order_by("pk").annotate(same_file=Exists(SAME_FILE))
        return (
            super()
            .get_queryset()
            .prefetch_related(None)
            .prefetch_related(Prefetch("photos", queryset=photos))
        )

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if args and kwargs.get("many"):
            return super().get_serializer(claims_told(args[0], self.scope), **kwargs)
        if args:
            [claim] = claims_told([args[0]], self.scope)
            return super().get_serializer(claim, **kwargs)
        return super().get_serializer(**kwargs)

    @extend_schema(
        request={"multipart/form-data": documents.FileClaim, "application/json": documents.FileClaim},
        responses={201: documents.ClaimDocument},
    )
    def create(self, request: Request) -> Response:
        """Say what a household did: one's own, or one below one's place. 409 `cap_reached`; 400 `photo_needed`,
        `claim_too_late`, `no_photo`; 413 `photo_too_large`, `too_many_photos`."""
        asked = documents.FileClaim(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        household = fetch(Household.objects.standing(), to=self.scope, pk=said.pop("household"))
        rule = fetch(Rule.objects.all(), to=self.scope, pk=said.pop("rule"), community=household.community_id)
        client_id, photos = said.pop("client_id"), cleaned(said.pop("photos"))

        def file() -> Document:
            claim = file_claim(household=household, rule=rule, by=self.viewer, photos=photos, **said)
            return {"claim": claim.pk}

        if client_id is None:
            answer = file()
        else:
            body = repr((household.pk, rule.pk, said, [photo.received_sha256 for photo in photos])).encode()
            sender = f"user:{self.viewer.pk}"
            answer = once(sender=sender, batch=f"claim:{client_id}", body=sha256(body).digest(), work=file)
        return self._answer(answer["claim"], 201)

    @extend_schema(request=documents.Decision, responses=documents.ClaimDocument)
    @action(detail=True, methods=["post"])
    def audit(self, request: Request, pk: str | None = None) -> Response:
        """Accept or refuse. 409 `already_decided`, `cap_reached`, `own_household`."""
        asked = documents.Decision(data=request.data)
        asked.is_valid(raise_exception=True)
        claim = audit_claim(claim=self.get_object(), by=self.viewer, **asked.validated_data)
        return self._answer(claim.pk)

    @extend_schema(request=None, responses=documents.ClaimDocument)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take a claim back. 409 `already_decided`."""
        claim = withdraw_claim(claim=self.get_object(), by=self.viewer)
        return self._answer(claim.pk)

    def _answer(self, claim_id: int, status: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=claim_id)).data, status=status)


def cleaned(files: Sequence[Any]) -> list[CleanPhoto]:
    """The pictures of uploaded files. Raises TooLarge before anything is read, Invalid for what is no photo."""
    if len(files) > MOST_PHOTOS:
        raise TooLarge("At most %(most)s photos.", most=MOST_PHOTOS, where="photos", code="too_many_photos")
    for n, file in enumerate(files):
        if file.size > MOST_BYTES:
            raise TooLarge(
                "A photo has at most %(most)s MiB.",
                most=MOST_BYTES // MIB,
                where=f"photos[{n}]",
                code="photo_too_large",
            )
    return [clean_photo(file.read(), where=f"photos[{n}]") for n, file in enumerate(files)]


def claims_told(claims: Iterable[Claim], scope: Scope) -> list[Document]:
    """Documents of claims that were read through the gate, with rules and photos; three queries for all of them."""
    rows = list(claims)
    homes = homes_of([row.household_id for row in rows], scope)
    own = set(own_households(scope).values_list("household", flat=True))
    whole = ledgers_of(scope)
    return [_claim(row, homes.get(row.household_id), own, row.community_id in whole, scope) for row in rows]


def _claim(claim: Claim, home: Home | None, own: set[int], audits: bool, scope: Scope) -> Document:
    entry = getattr(claim, "entry", None)
    return {
        "id": claim.pk,
        "community_id": claim.community_id,
        "household_id": claim.household_id,
        "called": home.called if home else None,
        "address": home.address if home else None,
        "dwelling_id": home.dwelling_id if home else None,
        "rule": rule_named(claim.version),
        "least": claim.version.least,
        "most": claim.version.most,
        "happened_at": claim.happened_at,
        "note": claim.note,
        "filed_at": claim.created_at,
        "filed_by_me": claim.filed_by_id == scope.user_id,
        "filed_by": str(claim.filed_by) if audits else None,
        "state": claim.state,
        "reason": claim.reason,
        "decided_at": claim.decided_at,
        "points": entry.points if entry else None,
        "photos": [_photo(photo, audits) for photo in claim.photos.all()],
        "may_decide": _may_decide(claim, own, scope),
    }


def _may_decide(claim: Claim, own: set[int], scope: Scope) -> bool:
    waits = claim.state == Claim.State.FILED
    return waits and claim.household_id not in own and runs_points(scope, claim.community_id)


def _photo(photo: ClaimPhoto, audits: bool) -> Document:
    return {
        "id": photo.pk,
        "url": f"/api/points/photos/{photo.pk}/" if photo.forgotten_at is None else None,
        "width": photo.width,
        "height": photo.height,
        "seen_before": photo.same_file if audits else None,  # type: ignore[attr-defined]
    }


@require_GET
def claim_photo(request: HttpRequest, photo_id: int) -> FileResponse:
    """A picture of a claim, for who may see the claim. Never anything but a JPEG of ours, whatever was sent."""
    photo = fetch(ClaimPhoto.objects.kept(), to=scope_of_request(request), pk=photo_id)
    try:
        response = FileResponse(photo.file.open("rb"), content_type=CONTENT_TYPE)
    except FileNotFoundError:
        raise NotVisible("The photo is gone.") from None
    response["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
