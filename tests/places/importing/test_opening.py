"""What a file is, and whether it is safe to open."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from shapely.geometry import mapping

from tests.places.importing.conftest import house, houses, plan
from twin.places.importing import opening
from twin.places.importing.notes import FileRefused
from twin.places.importing.opening import Format, opened
from twin.places.models import Community


def refused(path: Path, layer: str | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as caught, opened(path, layer=layer):
        pass
    return caught.value


def zipped(path: Path, *files: Path, names: dict[str, str] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, (names or {}).get(file.name, file.name))
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7 ...", "other_format"),
        (b"Rar!\x1a\x07", "other_format"),
        (b"<kml></kml>", "other_format"),
        (b"name,height\n1,2\n", "unknown_format"),
        (b"SQLite format 3\x00" + bytes(100), "sqlite_is_no_geopackage"),
        (b'{"type": "Topology", "objects": {}}', "other_format"),
        (b'{"geometryType": "esriGeometryPolygon"}', "other_format"),
        (b'{"hello": 1}', "json_is_no_geojson"),
        (b"[1, 2]", "json_is_no_geojson"),
        (b'{"type": "FeatureCollection"}', "json_is_no_geojson"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feat', "json_is_broken"),
        (b'{"type": "FeatureCollection", "features": [1]}', "json_is_no_geojson"),
        (b'{"type": "Feature", "geometry": null}\n{"type": "Feat', "json_line_is_broken"),
        (b'{"type": "Feature", "geometry": null}\n{"hello": 1}', "json_line_is_broken"),
        (b'\x1e{"type": "FeatureCollection", "features": []}', "json_line_is_broken"),
        (b'{"type": "CityJSON", "version": "2.0"}\n{"type": "CityJSONFeature"}', "other_format"),
        (b"PK\x03\x04 no archive", "archive_is_broken"),
        (b'{"type": "\xff\xff"}', "text_cannot_be_read"),
    ],
)
def test_wrong_contents_are_refused_by_name_whatever_the_file_is_called(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "buildings.geojson"
    path.write_bytes(content)
    assert refused(path).code == code


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.geojson").code == "no_such_file"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.geojson"
    with path.open("wb") as file:
        file.truncate(opening.MOST_BYTES + 1)  # a hole: no such space is used
    assert refused(path).code == "file_too_large"


def test_a_shapefile_without_its_other_parts_is_refused(shapefile: Callable[..., Path]) -> None:
    path = shapefile([house()], {"height": [18]})
    path.with_suffix(".dbf").unlink()
    error = refused(path)
    assert error.code == "shapefile_is_incomplete"
    assert ".dbf" in error.message


def test_a_shapefile_is_found_in_a_zip_with_names_in_chinese(
    shapefile: Callable[..., Path], tmp_path: Path, town: Community
) -> None:
    path = shapefile([house()], {"高度": [18]}, name="海棠湾")
    parts = [path.with_suffix(suffix) for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg")]
    archive = zipped(tmp_path / "upload.zip", *parts, names={p.name: f"数据/{p.name}" for p in parts})
    made = plan(town, archive)
    assert made.counts["create"] == 1
    assert "数据/海棠湾.shp" in made.notes[0].message


def test_names_that_windows_packed_in_gbk_are_readable(geojson: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "gbk.zip"
    raw_name = "楼栋.geojson".encode("gbk")
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x" * len(raw_name))
        archive.writestr(info, geojson(houses(1)).read_bytes())
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw_name), raw_name))
    with opened(path) as file:
        assert file.notes[0].details["name"] == "楼栋.geojson"


def test_several_layers_in_an_archive_must_be_named(geojson: Callable[..., Path], tmp_path: Path) -> None:
    files = [geojson(houses(1), name=f"{name}.geojson") for name in ("old", "new")]
    archive = zipped(tmp_path / "both.zip", *files)
    assert refused(archive).code == "several_layers"
    with opened(archive, layer="new") as file:
        assert file.format == Format.GEOJSON


@pytest.mark.parametrize(
    "name",
    ["../evil.geojson", "/etc/evil.geojson", "a/../../evil.geojson", "..\\evil.geojson", "C:/evil.geojson"],
)
def test_an_archive_cannot_write_outside_its_folder(
    geojson: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), geojson(houses(1)).read_bytes())
    assert refused(path).code == "archive_leaves_its_folder"


def test_an_entry_for_the_folder_itself_is_passed_over(geojson: Callable[..., Path], tmp_path: Path) -> None:
    archive = tmp_path / "folder.zip"
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr(zipfile.ZipInfo("./"), b"")
        inside.write(geojson(houses(1)), "buildings.geojson")
    with opened(archive) as file:
        assert file.format == Format.GEOJSON


def test_a_zip_bomb_is_stopped_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "RATIO_COUNTS_FROM_BYTES", 1024 * 1024)
    bomb = tmp_path / "bomb.geojson"
    bomb.write_bytes(b" " * 8 * 1024 * 1024)
    assert refused(zipped(tmp_path / "bomb.zip", bomb)).code == "archive_is_a_bomb"


def test_an_archive_that_lies_about_its_size_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MOST_UNPACKED_BYTES", 100_000)
    large = tmp_path / "large.geojson"
    large.write_bytes(b"x" * 150_000)
    path = zipped(tmp_path / "lies.zip", large)
    assert refused(path).code == "archive_is_too_large"
    raw = path.read_bytes()
    size = (150_000).to_bytes(4, "little")
    path.write_bytes(raw.replace(size, (10).to_bytes(4, "little")))
    assert refused(path).code in {"archive_is_too_large", "archive_is_broken"}


def test_links_and_locked_archives_are_refused(geojson: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("houses.geojson")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert refused(path).code == "archive_holds_a_link"
    locked = zipped(tmp_path / "locked.zip", geojson(houses(1)))
    raw = bytearray(locked.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(raw)
    assert refused(locked).code == "archive_is_encrypted"


def test_an_archive_without_data_says_what_it_holds(tmp_path: Path) -> None:
    readme = tmp_path / "readme.txt"
    readme.write_text("hello")
    error = refused(zipped(tmp_path / "none.zip", readme))
    assert (error.code, "readme.txt" in error.message) == ("archive_holds_no_data", True)


@pytest.mark.parametrize(
    ("encoding", "noted"), [("utf-8", None), ("utf-8-sig", None), ("gbk", "GB18030"), ("utf-16", "UTF-16")]
)
def test_a_geojson_in_another_encoding_is_read_and_said(
    geojson: Callable[..., Path], town: Community, encoding: str, noted: str | None
) -> None:
    path = geojson([(house(), {"名称": "海棠一号楼", "height": 18})])
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    made = plan(town, path)
    assert made.rows[0].values["name"] == "海棠一号楼"
    assert [n.details.get("encoding") for n in made.notes if n.code == "text_was_not_utf8"] == (
        [noted] if noted else []
    )


def test_a_single_feature_or_geometry_is_a_file_of_one_row(tmp_path: Path, town: Community) -> None:
    path = tmp_path / "one.geojson"
    path.write_text(
        json.dumps({"type": "Feature", "properties": {"height": 9}, "geometry": house().__geo_interface__})
    )
    assert plan(town, path).counts["create"] == 1
    path.write_text(json.dumps(house().__geo_interface__))
    assert plan(town, path).counts["create"] == 1


@pytest.mark.parametrize("form", ["a line each", "separated", "separated and indented", "marked and blank"])
def test_features_one_after_another_are_read_with_their_ids(
    tmp_path: Path, town: Community, form: str
) -> None:
    features = [
        {"type": "Feature", "id": f"{n}A", "properties": {"height": 9 + n}, "geometry": mapping(house(n))}
        for n in range(3)
    ]
    texts = [json.dumps(one, indent=2 if "indented" in form else None) for one in features]
    start, end = ("\x1e", "\n") if "separated" in form else ("", "\n\n" if "blank" in form else "\n")
    path = tmp_path / "houses.geojsonl"
    text = "".join(f"{start}{text}{end}" for text in texts)
    path.write_text(text, encoding="utf-8-sig" if "marked" in form else "utf-8")
    made = plan(town, zipped(tmp_path / "houses.zip", path) if form == "a line each" else path)
    found = [(row.source_id, row.values["height_m"], str(row.verdict)) for row in made.rows]
    assert found == [("0A", 9.0, "create"), ("1A", 10.0, "create"), ("2A", 11.0, "create")]
    assert made.read_as["system"] == "EPSG:4326"


def test_the_line_that_is_no_feature_is_named(tmp_path: Path) -> None:
    path = tmp_path / "houses.geojsonl"
    path.write_text('{"type": "Feature", "geometry": null}\n\n{"type": "Feature"', encoding="utf-8")
    assert refused(path).note.details["line"] == 3


def test_a_damaged_archive_is_said_to_be_damaged(geojson: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped(tmp_path / "damaged.zip", geojson(houses(200)))
    raw = bytearray(path.read_bytes())
    raw[200:260] = bytes(60)
    path.write_bytes(raw)
    assert refused(path).code == "archive_is_broken"


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_to_a_file_is_answered_with_anything_but_a_report_or_a_reason(
    geojson: Callable[..., Path], shapefile: Callable[..., Path], tmp_path: Path, town: Community, seed: int
) -> None:
    random = Random(seed)
    parts = [
        shapefile([house(n) for n in range(5)], {"高度": [9] * 5}).with_suffix(s)
        for s in (".shp", ".shx", ".dbf", ".prj")
    ]
    files = [geojson(houses(5)), zipped(tmp_path / "packed.zip", *parts), parts[0]]
    path = random.choice(files)
    victim = random.choice(parts) if path is parts[0] else path
    raw = bytearray(victim.read_bytes())
    for _ in range(random.choice([1, 3, 9])):
        at = random.randrange(len(raw))
        raw[at : at + random.choice([0, 1, 4])] = random.randbytes(random.choice([0, 1, 4]))
    victim.write_bytes(raw)
    with suppress(FileRefused):
        made = plan(town, path)
        assert made.counts["rows"] == len(made.rows)
