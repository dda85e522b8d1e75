"""Whatever JSON comes in whatever form: readings or fixes that are right, or a refusal that names what is wrong."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.base.errors import Invalid, TooLarge
from twin.ingest import fixes, osmand, owntracks
from twin.ingest.bodies import decode
from twin.ingest.canonical import convert, read_batch
from twin.ingest.decoders import BY_TOPIC

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WORDS = [
    "device", "at", "seq", "values", "event", "readings", "batch", "battery", "smoke", "action", "contact", "test", "ts",
    "last_seen", "deviceInfo", "devEui", "deviceProfileName", "object", "data", "time", "fCnt", "end_device_ids",
    "device_id", "uplink_message", "decoded_payload", "frm_payload", "received_at", "version_ids", "brand_id", "f_cnt",
    "shift", "fixes", "lon", "lat", "accuracy_m", "speed_m_s", "mocked", "crs", "location", "coords", "latitude",
    "longitude", "timestamp", "_type", "tst", "acc", "vel",
]  # fmt: skip
BIG = "a number of five thousand digits"
"""In its place: Python writes none of more than 4300."""
VALUES = [
    0, -1, 2**53, 2**63, 2**64, 10**400, BIG, 0.5, 1e308, True, None, "", "alarm", "location", "milesight", "////",
    "2026-05-01T12:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "-1e9", "1e400", "nan", "EPSG:4326",
    "GCJ-02", "BD-09", "０", "\x00", "😀", "AXU=", "0190163d-8694-739b-aea5-966c26f8ad91",
]  # fmt: skip
QUERIES = [str(value) for value in VALUES]
ANYTHING = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(WORDS), ANYTHING, max_size=6)

FORMS: dict[str, Callable[[bytes], Any]] = {
    "canonical": read_batch,
    "fixes": lambda body: fixes.columns(decode(body, fixes.DECODER).fixes),
    "osmand": lambda body: fixes.columns([osmand.from_json(decode(body, osmand.DECODER))]),
    "owntracks": lambda body: (fix := owntracks.read_message(body)) and fixes.columns([fix]),
} | {
    form: lambda body, read=read: convert(read(body, topic="a", received_at=NOW))  # type: ignore[misc]
    for form, read in BY_TOPIC.items()
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=100, deadline=None)
@given(said=OBJECTS)
def test_nonsense_is_read_or_refused(form: str, said: dict[str, Any]) -> None:
    with contextlib.suppress(Invalid, TooLarge):
        FORMS[form](written(said))


@settings(max_examples=100, deadline=None)
@given(said=st.dictionaries(st.sampled_from(WORDS), st.sampled_from(QUERIES)))
def test_a_nonsensical_query_is_read_or_refused(said: dict[str, str]) -> None:
    with contextlib.suppress(Invalid, TooLarge):
        fixes.columns([osmand.from_query(said)])


@pytest.mark.parametrize("digits", [400, 5000])
@pytest.mark.parametrize("form", ["thingsboard", "zigbee2mqtt"])
def test_a_number_of_hundreds_of_digits_is_refused_by_name(form: str, digits: int) -> None:
    with pytest.raises(Invalid):
        FORMS[form](b'{"smoke": %s}' % (b"9" * digits))


def written(said: Any) -> bytes:
    return json.dumps(said).replace(f'"{BIG}"', "1" + "0" * 5000).encode()
