"""What can go wrong, said so that a person can mend it.

Every error names what is wrong (`message`, in the language of whoever reads it), where (`where`: a field, a row, a line)
and carries a stable `code`. `twin.base.http` turns the class into a status; nothing else decides statuses.

The sentence stands in the source in English, as it is: `Invalid("%(what)s has ended already.", what=building)`. Its first
argument is taken up by the catalogue of translations, so it is never put together from pieces (a test sees to it).
"""

from __future__ import annotations

from typing import Any, Self

from django.utils.translation import override

from twin.base.sentences import told


class TwinError(Exception):
    """The root of all errors that people may be shown. What fills the sentence may itself be translatable."""

    code = "error"

    def __init__(
        self, sentence: str, /, *, where: str | None = None, code: str | None = None, **values: Any
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values
        self.where = where
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        """In the language of whoever reads it now."""
        return told(self.sentence, self.values)

    def __str__(self) -> str:
        """For logs and consoles: in English."""
        with override("en"):
            return self.message

    def at(self, where: str) -> Self:
        """The same, found at another place."""
        return type(self)(self.sentence, where=where, code=self.code, **self.values)


class Invalid(TwinError):
    """The input cannot be right: nothing of it was saved."""

    code = "invalid"


class Unauthenticated(TwinError):
    """Nobody is signed in, or the token is wrong, revoked or expired."""

    code = "unauthenticated"


class NotVisible(TwinError):
    """It does not exist for this viewer; whether it exists at all is not said."""

    code = "not_found"


class Forbidden(TwinError):
    """It is known to be there, and it is not for this viewer: only where saying so tells nothing that is not known."""

    code = "forbidden"


class Conflict(TwinError):
    """It was right when it was sent, but the state of things has moved on."""

    code = "conflict"


class TooLarge(TwinError):
    """More at once than is accepted; the message says how much is."""

    code = "too_large"


class TooMany(TwinError):
    """Too often in too short a time; the message says when to come back."""

    code = "too_many"


class Unavailable(TwinError):
    """A part that this needs does not answer now; asking again later may help."""

    code = "unavailable"
