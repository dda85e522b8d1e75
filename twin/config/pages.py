"""The pages of the front end: built files, served as they are. They hold no data; all of it comes through the gate."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


def _page(name: str) -> HttpResponse:
    built = settings.FRONTEND_DIST / name
    if not built.is_file():
        message = "The front end is not built yet. Run `make run`, or `npm ci && npm run build` in frontend/."
        return HttpResponse(message, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(built.read_bytes(), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@ensure_csrf_cookie
def command_centre(request: HttpRequest) -> HttpResponse:
    return _page("index.html")


@require_safe
@ensure_csrf_cookie
def log_in(request: HttpRequest) -> HttpResponse:
    return _page("login.html")


@require_safe
@ensure_csrf_cookie
def resident(request: HttpRequest) -> HttpResponse:
    return _page("resident.html")


@require_safe
@ensure_csrf_cookie
def reports(request: HttpRequest) -> HttpResponse:
    return _page("desk.html")
