"""The twin as a phone or a gateway sees it: its public API and ingest over HTTP, each call with a token in the header."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from typing import Any, Self

import httpx

log = logging.getLogger(__name__)

TIMEOUT_S = 20
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
PAGE = 1000
ENGLISH = {"Accept-Language": "en"}  # as the rest of its log


class Away(Exception):
    """The twin does not answer now, or asks for patience; the same call may succeed later."""


class Refused(Exception):
    """The twin answered that this cannot be right."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


class Site:
    """One twin. Use as an asynchronous context."""

    def __init__(self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # The twin is on this machine or its intranet: a proxy for the rest of the world does not lead there.
        self._client = httpx.AsyncClient(
            base_url=base_url, timeout=TIMEOUT_S, transport=transport, trust_env=False
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def get(self, path: str, token: str, **query: Any) -> dict[str, Any]:
        """A document. Raises Away or Refused."""
        return await self._ask("GET", path, token, params=query)

    async def post(self, path: str, token: str, body: Any) -> dict[str, Any]:
        """The answer. Raises Away or Refused."""
        return await self._ask("POST", path, token, json=body)

    async def all_features(self, community: int, layer: str, token: str) -> list[dict[str, Any]]:
        """Every GeoJSON feature of a layer that this token may see, EPSG:4326."""
        features: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            path = f"/layers/{community}/features/{layer}/"
            page = await self.get_patiently(path, token, after=after, limit=PAGE)
            features += page["features"]
            after = page["next"]
        return features

    async def all_results(self, path: str, token: str, **query: Any) -> list[dict[str, Any]]:
        """Every entry of a list of the API."""
        results: list[dict[str, Any]] = []
        address: str | None = path
        query = {**query, "page_size": PAGE}
        while address is not None:
            page = await self.get_patiently(address, token, **query)
            results += page["results"]
            address, query = page["next"], {}
        return results

    async def get_patiently(self, path: str, token: str, **query: Any) -> dict[str, Any]:
        """Like `get`, for as long as the twin is away. Raises Refused."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                return await self.get(path, token, **query)
            except Away as away:
                log.info("waiting for the twin: %s", away)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _ask(self, method: str, path: str, token: str, **parts: Any) -> dict[str, Any]:
        if "params" in parts and not parts["params"]:
            del parts["params"]  # an empty one would take the query from a page's address
        try:
            response = await self._client.request(
                method, path, headers={"Authorization": f"Bearer {token}", **ENGLISH}, **parts
            )
        except httpx.TransportError as error:
            raise Away(f"{type(error).__name__} {error}") from error
        if response.status_code >= 500 or response.status_code == 429:
            raise Away(f"{method} {path} answered {response.status_code}")
        try:
            answer = response.json()
        except ValueError as error:
            raise Away(f"{method} {path} answered {response.status_code} and no JSON") from error
        if response.is_success:
            return dict(answer)
        fault = answer.get("error", {})
        raise Refused(response.status_code, fault.get("code", ""), fault.get("message", ""))
