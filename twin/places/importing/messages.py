"""What every note says, by its code."""

from __future__ import annotations

from django.utils.functional import Promise

from twin.places.importing.file_messages import FILE
from twin.places.importing.row_messages import ROW

MESSAGES: dict[str, str | Promise] = FILE | ROW
