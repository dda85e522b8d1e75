"""Which pages may open a socket. A browser sends the user's cookie along with any page's request, so the page counts."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def may_open(headers: Mapping[str, str]) -> bool:
    """Whether the page (Origin) is of the very host that it calls, port included, or a trusted one.

    Who shows a token needs no Origin: no page can make a browser send that header.
    """
    if "authorization" in headers:
        return True
    origin, host = headers.get("origin", ""), headers.get("host", "")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    return page.scheme in {"http", "https"} and page.netloc.lower() == host.lower()
