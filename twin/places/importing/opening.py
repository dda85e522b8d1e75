"""What a file is, told by what is in it and never by its name; and that it is safe to open.

An archive is unpacked into a folder of ours under names of ours, counting what really comes out of it.
"""

from __future__ import annotations

import codecs
import errno
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from twin.places.importing.json_heads import JsonHead, head_of
from twin.places.importing.json_sequences import SEPARATOR, is_sequence, write_collection
from twin.places.importing.notes import FileRefused, Note, note

MIB = 1024 * 1024
MOST_BYTES = 512 * MIB
MOST_UNPACKED_BYTES = 1024 * MIB
MOST_ENTRIES = 500
MOST_RATIO = 200
"""Vector data packs to a tenth; what packs a thousandfold is a bomb. Small entries may: a table of blanks does."""
RATIO_COUNTS_FROM_BYTES = 16 * MIB
CHUNK = MIB

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
JSON_SUFFIXES = (".geojson", ".json", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl")
SHAPEFILE_MAGIC = b"\x00\x00\x27\x0a"
SQLITE_MAGIC = b"SQLite format 3\x00"
GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
OTHER_FORMATS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "old Office (xls, doc, mdb)",
    b"AC10": "DWG",
    b"glTF": "glTF",
}


class Format(StrEnum):
    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    CITYJSON = "CityJSON"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be read. head: of JSON formats, what stands at its top."""

    path: Path
    format: Format
    head: JsonHead | None = None
    notes: tuple[Note, ...] = ()


@contextmanager
def opened(path: Path, *, layer: str | None = None) -> Iterator[Opened]:
    """Open a file of any known format; archives are unpacked until the end. Raises FileRefused, naming the reason."""
    if not path.is_file():
        raise FileRefused("no_such_file", path=path.name)
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty_file")
    if size > MOST_BYTES:
        raise FileRefused("file_too_large", mib=size // MIB, most_mib=MOST_BYTES // MIB)
    with TemporaryDirectory(prefix="twin-import-") as name:
        folder = Path(name)
        yield (
            _from_archive(path, folder, layer)
            if _starts_with(path, b"PK\x03\x04")
            else _sniffed(path, folder)
        )


def _sniffed(path: Path, folder: Path) -> Opened:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(SQLITE_MAGIC):
        if start[68:72] not in GEOPACKAGE_IDS:
            raise FileRefused("sqlite_is_no_geopackage")
        return Opened(_under_our_name(path, folder / "data.gpkg"), Format.GEOPACKAGE)
    if start.startswith(SHAPEFILE_MAGIC):
        return Opened(_shapefile_beside(path, folder), Format.SHAPEFILE)
    for magic, what in OTHER_FORMATS.items():
        if start.startswith(magic):
            raise FileRefused("other_format", what=what)
    text = start.lstrip(codecs.BOM_UTF8)
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or text.lstrip()[:1] in (
        b"{",
        b"[",
        SEPARATOR,
    ):
        return _json(path, folder)
    if text.lstrip()[:1] == b"<":
        raise FileRefused("other_format", what="XML (KML, GML, CityGML, HTML)")
    if path.suffix.lower() in SHAPEFILE_PARTS:
        raise FileRefused("part_of_a_shapefile", part=path.suffix.lower())
    raise FileRefused("unknown_format")


def _json(path: Path, folder: Path) -> Opened:
    target = folder / "data.geojson"
    encoding = _as_utf8(path, target)
    notes = (note("text_was_not_utf8", encoding=encoding),) if encoding else ()
    if is_sequence(target):
        target = folder / "features.geojson"
        write_collection(folder / "data.geojson", target)
    head = head_of(target)
    return Opened(target, Format.CITYJSON if head.type == "CityJSON" else Format.GEOJSON, head, notes)


def _as_utf8(path: Path, target: Path) -> str | None:
    """A copy in UTF-8 without a mark; returns the encoding that it was in, when that was another."""
    with path.open("rb") as file:
        mark = file.read(3)
    has_mark = mark[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ["utf-16"] if has_mark else ["utf-8-sig", "gb18030"]:
        try:
            with (
                path.open(encoding=encoding, newline="") as source,
                target.open("w", encoding="utf-8", newline="") as to,
            ):
                shutil.copyfileobj(source, to, CHUNK)
        except UnicodeError:
            continue
        return None if encoding == "utf-8-sig" else encoding.upper()
    raise FileRefused("text_cannot_be_read")


def _shapefile_beside(path: Path, folder: Path) -> Path:
    """A shapefile and its other parts, whatever the case of their suffixes."""
    beside = {
        other.suffix.lower(): other
        for other in path.parent.iterdir()
        if other.stem == path.stem and other.suffix.lower() in SHAPEFILE_PARTS and other.is_file()
    }
    _require_parts(set(beside) | {".shp"}, path.name)
    for suffix, part in {**beside, ".shp": path}.items():
        _under_our_name(part, folder / f"data{suffix}")
    return folder / "data.shp"


def _require_parts(suffixes: set[str], name: str) -> None:
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in suffixes]
    if missing:
        raise FileRefused("shapefile_is_incomplete", name=name, missing=", ".join(missing))


def _under_our_name(path: Path, target: Path) -> Path:
    target.symlink_to(path.resolve())
    return target


def _starts_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


# Archives


def _from_archive(path: Path, folder: Path, layer: str | None) -> Opened:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _entries(archive)
            name, parts = _data_set(entries, layer)
            inside = folder / "unpacked"
            inside.mkdir()
            _unpack(archive, parts, inside)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        if (
            isinstance(error, OSError) and error.errno != errno.EINVAL
        ):  # a full disk is not the archive's fault
            raise
        raise FileRefused("archive_is_broken", reason=str(error)) from error
    main = next(inside.iterdir()) if len(parts) == 1 else inside / "data.shp"
    found = _sniffed(main, folder)
    return replace(found, notes=(note("taken_from_archive", name=name), *found.notes))


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive that could be data, by the name that people gave them."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise FileRefused("archive_has_too_many_entries", count=len(infos), most=MOST_ENTRIES)
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _readable_name(info)
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]) or "\x00" in name:
            raise FileRefused("archive_leaves_its_folder", name=name)
        if info.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if info.flag_bits & 0x1:
            raise FileRefused("archive_is_encrypted")
        if info.external_attr >> 28 == 0xA:
            raise FileRefused("archive_holds_a_link", name=name)
        found[str(path)] = info
    unpacked = sum(info.file_size for info in found.values())
    if unpacked > MOST_UNPACKED_BYTES:
        raise FileRefused("archive_is_too_large", most_mib=MOST_UNPACKED_BYTES // MIB)
    return found


def _readable_name(info: zipfile.ZipInfo) -> str:
    """Chinese Windows packs names in GBK without saying so; Python then reads them as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.orig_filename.encode("cp437").decode("gb18030").rstrip("\x00")
    except UnicodeError:
        return info.filename


def _data_set(
    entries: dict[str, zipfile.ZipInfo], layer: str | None
) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """The one data set to read: its name, and suffix -> entry."""
    by_suffix: dict[str, list[str]] = {}
    for name in entries:
        by_suffix.setdefault(PurePosixPath(name).suffix.lower(), []).append(name)
    candidates = by_suffix.get(".shp", []) or [
        name for suffix in (".gpkg", *JSON_SUFFIXES) for name in by_suffix.get(suffix, [])
    ]
    if not candidates:
        raise FileRefused("archive_holds_no_data", names=", ".join(list(entries)[:10]))
    if len(candidates) > 1:
        wanted = [name for name in candidates if layer in (PurePosixPath(name).stem, name)]
        if len(wanted) != 1:
            raise FileRefused(
                "several_layers", names=", ".join(PurePosixPath(n).stem for n in candidates[:20])
            )
        candidates = wanted
    chosen = PurePosixPath(candidates[0])
    if chosen.suffix.lower() != ".shp":
        return str(chosen), {chosen.suffix.lower(): entries[str(chosen)]}
    parts = {}
    for name, info in entries.items():
        path = PurePosixPath(name)
        if (
            path.parent == chosen.parent
            and path.stem == chosen.stem
            and path.suffix.lower() in SHAPEFILE_PARTS
        ):
            parts[path.suffix.lower()] = info
    _require_parts(set(parts), str(chosen))
    return str(chosen), parts


def _unpack(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], folder: Path) -> None:
    """What an archive says of its sizes is not believed: the bytes that come out are counted."""
    total = 0
    for suffix, info in parts.items():
        written = 0
        with archive.open(info) as packed, (folder / f"data{suffix}").open("wb") as target:
            while chunk := packed.read(CHUNK):
                written += len(chunk)
                total += len(chunk)
                if total > MOST_UNPACKED_BYTES:
                    raise FileRefused("archive_is_too_large", most_mib=MOST_UNPACKED_BYTES // MIB)
                if written > RATIO_COUNTS_FROM_BYTES and written > MOST_RATIO * max(info.compress_size, 1):
                    raise FileRefused(
                        "archive_is_a_bomb", name=info.filename, ratio=written // max(info.compress_size, 1)
                    )
                target.write(chunk)
