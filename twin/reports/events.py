"""What happened to saved reports. What was asked and taken out is in the audit."""

from __future__ import annotations

from dataclasses import dataclass

from twin.base.events import Event


@dataclass(frozen=True, slots=True)
class FormSaved(Event):
    form_id: int


@dataclass(frozen=True, slots=True)
class FormChanged(Event):
    form_id: int


@dataclass(frozen=True, slots=True)
class FormEnded(Event):
    form_id: int
