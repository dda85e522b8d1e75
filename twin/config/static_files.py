"""Static files from where they were built, also when they are built anew under a running server."""

from __future__ import annotations

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

Stamp = tuple[int, int, int]


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise reads all names and lengths once, at the start. A file that is new, gone or changed since is looked up
    again when it is asked for: one look at the disk per request."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.stamps: dict[str, tuple[str, Stamp | None]] = {}
        super().__init__(*args, **options)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.autorefresh and request.path_info.startswith(self.static_prefix):
            self.look_again(request.path_info)
        response: HttpResponse = super().__call__(request)
        return response

    def look_again(self, url: str) -> None:
        path, stamp = self.stamps.get(url, ("", None))
        if stamp is not None and stamp_of(path) == stamp:
            return
        found = self.find_file(url)
        if found is None:
            self.files.pop(url, None)
            self.stamps.pop(url, None)
        else:
            self.files[url] = found

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:
        self.stamps[url] = (path, stamp_of(path))
        return super().get_static_file(path, url, stat_cache)


def stamp_of(path: str) -> Stamp | None:
    """What changes when a file is written anew; None while there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
