from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# MapLibre draws its sprites and tiles from blobs; everything else comes from this server and nowhere else.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)


class KeptByNobody:
    """Whatever does not say itself who may keep it, nobody may: neither a proxy nor the browser of who signs in next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ContentSecurityPolicy:
    """One policy on every answer: the twin runs on intranets, so a page that reaches out is broken as well as unsafe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
