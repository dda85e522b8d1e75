"""Scopes that end: a changed role, a log-out, a disabled user, a revoked token, an `until` that passes.

Every process asks once a second how its viewers stand. Who stands differently gets a new scope and loses what it no longer
covers, or is closed; that is within two seconds of the change.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from django.utils import timezone

from layers.live.connection import RIGHTS_ENDED, Connection
from layers.live.outage import Outage
from layers.live.rights import Admission, Viewer, admit_again, joinable, standings

if TYPE_CHECKING:
    from layers.live.hub import Hub

BETWEEN_LOOKS_S = 1.0


async def watch_rights(hub: Hub) -> None:
    """Runs until cancelled."""
    outage = Outage("The watch over rights", "asking again every second")
    while True:
        await asyncio.sleep(BETWEEN_LOOKS_S)
        try:
            await _look(hub)
        except Exception as error:
            outage.begins(error)
        else:
            outage.is_over()


async def _look(hub: Hub) -> None:
    viewers = {connection.admission.viewer for connection in hub.connections}
    if not viewers:
        return
    standing = await hub.rights.run(standings, viewers)
    now = timezone.now()
    for connection in tuple(hub.connections):
        admission = connection.admission
        ended = admission.scope.until is not None and admission.scope.until <= now
        if ended or standing.get(admission.viewer) != admission.standing:
            await _resolve(hub, connection)


async def _resolve(hub: Hub, connection: Connection) -> None:
    """A new scope, and what it still covers of the topics that are followed."""
    names = set(connection.following)
    admission, allowed = await hub.rights.run(_admit_again, connection.admission.viewer, names)
    if admission is None:
        connection.close(RIGHTS_ENDED)
        hub.leave(connection)
        return
    connection.admission = admission
    for name in names - allowed:
        if name in connection.following:
            hub.refuse(connection, name, "ended")


def _admit_again(viewer: Viewer, names: set[str]) -> tuple[Admission | None, set[str]]:
    admission = admit_again(viewer)
    return admission, joinable(names, admission.scope) if admission is not None else set()
