from __future__ import annotations

from dataclasses import dataclass

from twin.base.events import Event


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    user_id: int
    role_id: int


@dataclass(frozen=True, slots=True)
class RoleEnded(Event):
    user_id: int
    role_id: int


@dataclass(frozen=True, slots=True)
class TokenRevoked(Event):
    token_id: int
