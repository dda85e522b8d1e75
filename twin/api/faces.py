"""Photos of staff, for staff of the same community only."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_GET

from twin.access.http import scope_of_request
from twin.access.models import Role
from twin.accounts.models import User
from twin.base.errors import NotVisible


def photo_url(user: User) -> str | None:
    return f"/api/users/{user.pk}/photo/" if user.photo else None


@require_GET
def photo(request: HttpRequest, user_id: int) -> FileResponse:
    """A colleague's photo. 404 for people of other communities."""
    scope = scope_of_request(request)
    roles = Role.objects.in_force(timezone.now()).filter(user=user_id, community__in=scope.staff_of)
    user = User.objects.filter(pk=user_id).exclude(photo="").first()
    if user is None or not (user.pk == scope.user_id or roles.exists()):
        raise NotVisible("There is nothing here for you.")
    try:
        response = FileResponse(user.photo.open("rb"), content_type="image/png")
    except FileNotFoundError:
        raise NotVisible("The photo is gone.") from None
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
