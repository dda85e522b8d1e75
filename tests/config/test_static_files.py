"""The front end may be built anew while the server runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from twin.config.static_files import StaticFiles

Get = Callable[[str], HttpResponse]


@pytest.fixture
def dist(tmp_path: Path, settings: Any) -> Path:
    """A folder of built files; it is there before the server, as after an installation."""
    settings.STATICFILES_DIRS = [tmp_path / "dist"]
    settings.STATIC_ROOT = None
    settings.WHITENOISE_AUTOREFRESH = False
    finders.get_finder.cache_clear()
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "app.js").write_text("one")
    yield tmp_path / "dist"
    finders.get_finder.cache_clear()


@pytest.fixture
def get(dist: Path) -> Get:
    """What a server answers that was started before anything below changes."""
    server = StaticFiles(lambda request: HttpResponse("the site", status=404))

    def ask(path: str) -> HttpResponse:
        request: HttpRequest = RequestFactory().get(f"/static/{path}")
        return server(request)

    return ask


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_a_file_that_was_there_at_the_start_is_served(get: Get) -> None:
    assert body(get("app.js")) == "one"


def test_a_file_that_came_later_is_served(get: Get, dist: Path) -> None:
    assert get("assets/new-Ab3dE6gH.js").status_code == 404
    (dist / "assets").mkdir()
    (dist / "assets" / "new-Ab3dE6gH.js").write_text("new")
    assert body(get("assets/new-Ab3dE6gH.js")) == "new"


def test_a_file_that_was_written_anew_comes_whole_and_with_its_own_length(get: Get, dist: Path) -> None:
    (dist / "app.js").write_text("one and two")
    answer = get("app.js")
    assert (body(answer), answer["Content-Length"]) == ("one and two", "11")


def test_a_file_that_went_is_not_found_and_one_that_comes_back_is(get: Get, dist: Path) -> None:
    (dist / "app.js").unlink()
    assert get("app.js").status_code == 404
    (dist / "app.js").write_text("back")
    assert body(get("app.js")) == "back"


def test_nothing_beside_the_folders_is_served(get: Get, dist: Path) -> None:
    (dist.parent / "secret.js").write_text("secret")
    assert get("../secret.js").status_code == 404
    assert get("%2e%2e/secret.js").status_code == 404


def test_built_files_with_a_hash_in_their_name_may_be_kept_for_good_and_others_may_not(
    get: Get, dist: Path
) -> None:
    (dist / "assets").mkdir()
    for name in ("app-C1i8jliM.js", "worker-C_Z-FQ_V.mjs", "plain.js"):
        (dist / "assets" / name).write_text("")
    assert "immutable" in get("assets/app-C1i8jliM.js")["Cache-Control"]
    assert "immutable" in get("assets/worker-C_Z-FQ_V.mjs")["Cache-Control"]
    assert "immutable" not in get("assets/plain.js")["Cache-Control"]
    assert "immutable" not in get("app.js")["Cache-Control"]
