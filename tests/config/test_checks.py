"""Django's own checks of models, pages and settings: with an error among them no command runs."""

from __future__ import annotations

from django.core.management import call_command


def test_the_checks_of_the_framework_find_no_error() -> None:
    call_command("check")
