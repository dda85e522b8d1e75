from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from twin.base import photos
from twin.base.errors import Invalid, TooLarge
from twin.base.photos import LONGEST_SIDE, clean_photo

SECRET = b"31.0512N 122.6008E"


def a_photo(form: str = "JPEG", size: tuple[int, int] = (640, 480), **saving: Any) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    written = io.BytesIO()
    image.save(written, form, **saving)
    return written.getvalue()


def with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[2] = (31.0, 3.0, 4.32)
    return a_photo(exif=exif.tobytes())


def shown(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says that it is so large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_whatever_comes_a_jpeg_is_kept(form: str) -> None:
    clean = clean_photo(a_photo(form))
    assert shown(clean.content).format == "JPEG"
    assert (clean.width, clean.height) == (640, 480)


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    sent = with_exif()
    assert SECRET in sent
    clean = clean_photo(sent)
    assert SECRET not in clean.content
    assert not shown(clean.content).getexif()
    assert set(shown(clean.content).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_comments_in_other_formats_are_gone() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Location", SECRET.decode())
    assert SECRET not in clean_photo(a_photo("PNG", pnginfo=words)).content
    assert SECRET not in clean_photo(a_photo("WEBP", xmp=b"<x>" + SECRET + b"</x>")).content


def test_a_page_hidden_behind_the_picture_is_gone() -> None:
    page = b"<script>alert(1)</script>"
    assert page not in clean_photo(a_photo() + page).content
    assert page not in clean_photo(a_photo(comment=page)).content


def test_a_photo_taken_sideways_is_stored_upright() -> None:
    clean = clean_photo(with_exif(orientation=6))
    assert (clean.width, clean.height) == (480, 640)
    red, green, blue = shown(clean.content).getpixel((240, 40))
    assert red > 200
    assert blue < 60
    assert green < 60


def test_a_large_photo_is_made_smaller_in_proportion() -> None:
    clean = clean_photo(a_photo(size=(4000, 3000)))
    assert (clean.width, clean.height) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


def test_what_is_transparent_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(written, "PNG")
    assert min(shown(clean_photo(written.getvalue()).content).getpixel((32, 32))) > 250


def test_the_largest_photo_of_a_phone_is_taken() -> None:
    assert clean_photo(a_photo(size=(8_192, 6_144))).width == LONGEST_SIDE


@pytest.mark.parametrize("size", [(50_000, 50_000), (5_000, 4_000), (20_000, 12_000)])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(size: tuple[int, int]) -> None:
    bomb = png_of(*size)
    assert len(bomb) < 1_000
    with pytest.raises(TooLarge) as refusal:
        clean_photo(bomb, where="photos[1]")
    assert (refusal.value.code, refusal.value.where) == ("photo_too_large", "photos[1]")


def test_a_jpeg_beyond_every_camera_is_refused() -> None:
    header = a_photo()
    start = header.index(b"\xff\xc0") + 5
    with pytest.raises(TooLarge):
        clean_photo(header[:start] + struct.pack(">HH", 60_000, 60_000) + header[start + 4 :])


def test_too_many_bytes_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST_BYTES", 100)
    with pytest.raises(TooLarge):
        clean_photo(a_photo())


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7",
        a_photo("GIF"),
        a_photo("BMP"),
        a_photo()[:2_00],
        a_photo("PNG")[:-40],
    ],
)
def test_what_is_no_photo_is_refused(sent: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_photo(sent)
    assert refusal.value.code == "no_photo"


def test_the_same_file_sent_twice_is_recognised() -> None:
    assert clean_photo(a_photo()).received_sha256 == clean_photo(a_photo()).received_sha256
    assert clean_photo(a_photo()).received_sha256 != clean_photo(with_exif()).received_sha256
