"""The Things Stack v3: uplink messages of its MQTT server and webhooks, https://www.thethingsindustries.com/docs/integrations/data-formats/.

`decoded_payload` is what the device's formatter has made of the bytes. Without one the bytes are read here where their maker
is known, and otherwise the reading only says that the device was heard.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from twin.base.errors import Invalid
from twin.ingest.decoders.fields import said_by
from twin.ingest.decoders.json_object import as_object, inner, time_of
from twin.ingest.decoders.milesight import fields_of_uplink


def read_tts(body: bytes, *, received_at: datetime) -> list[dict[str, Any]]:
    """One reading of the device with this id. Other messages (join accept, downlink …) hold none."""
    said = as_object(body)
    device = inner(said, "end_device_ids", "device_id")
    if device is None:
        raise Invalid("A message of The Things Stack names the device.", where="end_device_ids.device_id")
    uplink = said.get("uplink_message")
    if not isinstance(uplink, dict):
        return []
    fields = uplink.get("decoded_payload")
    if not isinstance(fields, dict):
        maker = str(inner(uplink, "version_ids", "brand_id") or "")
        fields = fields_of_uplink(maker, uplink.get("frm_payload"), where="uplink_message.frm_payload")
    at = time_of(
        uplink.get("received_at") or said.get("received_at"), received_at, where="uplink_message.received_at"
    )
    return [{"device": device, "at": at, "seq": uplink.get("f_cnt"), **said_by(fields)}]
