"""From words that people type to a request."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from twin.base.errors import Invalid
from twin.places.importing.request import Options
from twin.places.models import Community

LONGEST_SOURCE = 80
MOST_DEFAULT_FLOORS = 100


def community_named(text: str) -> Community:
    """By id or by name. Raises Invalid, which lists what there is."""
    rows = Community.objects.all()
    found = (
        rows.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 19 else None
    )
    found = found or rows.filter(name=text).first()
    if found is None:
        known = ", ".join(f"{c.pk} {c.name}" for c in rows.order_by("id")[:20])
        raise Invalid(
            "There is no community '%(text)s'; there are: %(known)s.",
            text=text,
            known=known or "-",
            where="community",
        )
    return found


def source_of(stated: str | None, file_name: str) -> str:
    """The name under which a file's rows are known. Raises Invalid for an empty or overlong one."""
    source = (stated if stated is not None else PurePath(file_name).stem).strip()
    source = " ".join(unicodedata.normalize("NFC", source).replace("\x00", "").split())
    if stated is None:
        source = source[:LONGEST_SOURCE].strip()
    if not source or len(source) > LONGEST_SOURCE:
        raise Invalid(
            "A source has a name of 1 to %(most)s letters.",
            most=LONGEST_SOURCE,
            where="source",
        )
    return source


def options_of(*, fields: Mapping[str, str], constants: Mapping[str, str], **others: Any) -> Options:
    """Raises Invalid."""
    options = Options(fields=fields, constants=constants, **others)
    if not 1 <= options.default_floors <= MOST_DEFAULT_FLOORS:
        raise Invalid(
            "Floors by default are 1 to %(most)s.",
            most=MOST_DEFAULT_FLOORS,
            where="default_floors",
        )
    return options
