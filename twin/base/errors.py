"""What can go wrong, said so that a person can mend it.

Every error names what is wrong (`message`), where (`where`: a field, a row, a line) and carries a stable `code` that the
front end may translate. `twin.base.http` turns the class into a status; nothing else decides statuses.
"""

from __future__ import annotations


class TwinError(Exception):
    """The root of all errors that people may be shown."""

    code = "error"

    def __init__(self, message: str, *, where: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        if code is not None:
            self.code = code


class Invalid(TwinError):
    """The input cannot be right: nothing of it was saved."""

    code = "invalid"


class Unauthenticated(TwinError):
    """Nobody is signed in, or the token is wrong, revoked or expired."""

    code = "unauthenticated"


class NotVisible(TwinError):
    """It does not exist for this viewer; whether it exists at all is not said."""

    code = "not_found"


class Conflict(TwinError):
    """It was right when it was sent, but the state of things has moved on."""

    code = "conflict"


class TooLarge(TwinError):
    """More at once than is accepted; the message says how much is."""

    code = "too_large"


class Unavailable(TwinError):
    """A part that this needs does not answer now; asking again later may help."""

    code = "unavailable"
