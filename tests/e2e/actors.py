"""Those who act beside the browser: a gateway with detectors, a worker's phone, a second desk. All speak HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.site import PASSWORD, Site
from tests.waiting import PATIENCE_S


@dataclass
class Gateway:
    """Detectors that raise alarms; `quiet()` closes them all, so that the next test begins in peace."""

    site: Site
    raised: list[int] = field(default_factory=list)

    def detectors(self, count: int) -> list[tuple[str, int]]:
        """Smoke detectors in dwellings: device and dwelling."""
        return self.site.database.rows(
            "SELECT external_id, dwelling_id FROM devices_device WHERE external_id LIKE 'demo-smoke%%' ORDER BY id LIMIT %s",
            count,
        )

    def alarm(self, device: str) -> int:
        """What a detector's gateway posts. The alarm's id."""
        reading = {"device": device, "at": _now(), "values": {}, "event": "alarm"}
        answer = httpx.post(
            f"{self.site.url}/ingest/readings/",
            json={"readings": [reading]},
            headers={"Authorization": f"Bearer {self.site.tokens()['gateways'][0]['token']}"},
            timeout=PATIENCE_S,
        )
        assert answer.status_code == 200, answer.text
        (alarm,) = answer.json()["alarms"]
        self.raised.append(alarm)
        return int(alarm)

    def quiet(self) -> None:
        if not self.raised:
            return
        with Desk(self.site) as desk:
            for alarm in self.raised:
                desk.close(alarm)
        self.raised.clear()


class Desk:
    """The duty officer at another desk."""

    def __init__(self, site: Site) -> None:
        self.client = httpx.Client(base_url=site.url, timeout=PATIENCE_S, headers={"Referer": site.url})

    def __enter__(self) -> Desk:
        self.client.get("/login/")
        answer = self._post("/api/session/", {"username": "duty", "password": PASSWORD})
        assert answer.is_success, answer.text
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def close(self, alarm: int) -> None:
        """Acknowledge and close; what is closed already stays so."""
        self._post(f"/api/alarms/{alarm}/acknowledge/", {})
        self._post(f"/api/alarms/{alarm}/close/", {"truth": "test", "note": "试验"})

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self.client.post(path, json=body, headers={"X-CSRFToken": self.client.cookies["csrftoken"]})


class Phone:
    """A worker on shift, telling where it is."""

    def __init__(self, site: Site, number: int = 0) -> None:
        self.worker = site.tokens()["workers"][number]
        self.client = httpx.Client(
            base_url=site.url, timeout=PATIENCE_S, headers={"Authorization": f"Bearer {self.worker['token']}"}
        )
        self.seq = 0
        answer = self.client.post(
            "/api/shifts/", json={"community": site.community, "grid": self.worker["grid_id"]}
        )
        assert answer.status_code == 201, answer.text
        self.shift = int(answer.json()["id"])

    def at(self, lon: float, lat: float) -> None:
        """EPSG:4326."""
        self.seq += 1
        fix = {"seq": self.seq, "at": _now(), "lon": lon, "lat": lat, "accuracy_m": 5.0}
        answer = self.client.post(
            "/ingest/fixes/", json={"batch": str(uuid4()), "shift": self.shift, "fixes": [fix]}
        )
        assert answer.json().get("accepted") == 1, answer.text

    def end(self) -> None:
        self.client.post(f"/api/shifts/{self.shift}/end/")
        self.client.close()


def _now() -> str:
    return datetime.now(UTC).isoformat()
