"""Photos that people send: what they show is kept, everything else about them is not.

A photo is decoded and encoded anew, so that nothing of the file that came survives: no place, time or serial number of the
phone (EXIF, XMP, comments), no thumbnail of what was cut away, no page or program hidden behind the picture. Size and pixels
are limited before anything is unpacked.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from PIL import Image, ImageOps

from twin.base.errors import Invalid, TooLarge

MIB: Final = 1024 * 1024
MOST_BYTES: Final = 12 * MIB
MOST_PIXELS: Final = 16_000_000
"""Of a file that has to be unpacked whole: 64 MB while it is."""
MOST_PIXELS_OF_A_JPEG: Final = 51_000_000
"""What phones send at their best. A JPEG is shrunk while it is unpacked; a progressive one still takes 3 bytes a pixel."""
LONGEST_SIDE: Final = 1600
QUALITY: Final = 82
FORMATS: Final = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A JPEG that we have encoded, upright, at most `LONGEST_SIDE` pixels; `received_sha256` is of the file that came."""

    content: bytes
    width: int
    height: int
    received_sha256: bytes


def clean_photo(received: bytes, *, where: str = "photo") -> CleanPhoto:
    """The photo and nothing else. Raises TooLarge for too many bytes or pixels, Invalid for what is no photo."""
    if len(received) > MOST_BYTES:
        raise TooLarge(
            "A photo has at most %(most)s MiB.", most=MOST_BYTES // MIB, where=where, code="photo_too_large"
        )
    try:
        shown = _decoded(received, where)
    except Image.DecompressionBombError:
        raise _too_many_pixels(where) from None
    except (TooLarge, MemoryError):
        raise
    except Exception:  # each decoder raises its own; all of them mean the same
        raise Invalid(
            "This is no photo that can be read; send a JPEG, PNG or WebP.", where=where, code="no_photo"
        ) from None
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=QUALITY, optimize=True)
    return CleanPhoto(written.getvalue(), shown.width, shown.height, sha256(received).digest())


def _decoded(received: bytes, where: str) -> Image.Image:
    """The pixels alone, upright, on white where they are transparent, no larger than wanted."""
    with Image.open(io.BytesIO(received), formats=FORMATS) as opened:  # reads the header only
        if opened.width * opened.height > _most_pixels(opened):
            raise _too_many_pixels(where)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        if opened.width * opened.height > MOST_PIXELS:
            raise _too_many_pixels(where)
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        pixels = upright.convert("RGBA")
    shown = Image.new("RGB", pixels.size, "white")
    shown.paste(pixels, mask=pixels.getchannel("A"))
    return shown


def _most_pixels(opened: Image.Image) -> int:
    return MOST_PIXELS_OF_A_JPEG if opened.format in {"JPEG", "MPO"} else MOST_PIXELS


def _too_many_pixels(where: str) -> TooLarge:
    most = MOST_PIXELS // 1_000_000
    return TooLarge(
        "This photo has too many pixels; send one with at most %(most)s million.",
        most=most,
        where=where,
        code="photo_too_large",
    )
