"""Sentences with places to fill, in the language of whoever reads them; stored ones as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from gis.sentence import Sentence


def told(text: str | Promise, values: Mapping[str, Any]) -> str:
    """A sentence and its fillings, translated. A `%` in one without fillings is just that."""
    said = str(text) if isinstance(text, Promise) else gettext(text) if text else ""
    return said % {name: _filling(value) for name, value in values.items()} if values else said


def stored(sentence: Sentence) -> dict[str, Any]:
    """As JSON; `told` knows it again among the fillings."""
    values = {name: stored(v) if isinstance(v, Sentence) else v for name, v in sentence.values.items()}
    return {"sentence": sentence.text, "values": values}


def _filling(value: Any) -> Any:
    if isinstance(value, Sentence):
        return told(value.text, value.values)
    if isinstance(value, dict) and value.keys() == {"sentence", "values"}:
        return told(value["sentence"], value["values"])
    if isinstance(value, list | tuple):
        return ", ".join(str(_filling(inner)) for inner in value)
    return value
