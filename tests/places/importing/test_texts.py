"""Texts of shapefiles: GBK or UTF-8, with a .cpg that is right, missing or wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.places.importing.conftest import codes, house, plan
from twin.places.importing.encodings import encoding_of, known_encoding
from twin.places.importing.notes import FileRefused
from twin.places.models import Community

COLUMNS = {
    "楼栋名称": ["海棠一号楼", "二号楼"],
    "层数": [6, 18],
    "高度": [18.5, 54.0],
    "地址": ["海棠路１号", "海棠路2号"],
}


@pytest.fixture
def chinese(shapefile: Callable[..., Path]) -> Callable[..., Path]:
    def write(encoding: str = "GBK", cpg: str | None = "") -> Path:
        path = shapefile([house(0), house(1)], COLUMNS, encoding=encoding)
        mark = path.with_suffix(".cpg")
        if cpg is None:
            mark.unlink(missing_ok=True)
        elif cpg:
            mark.write_text(cpg)
        return path

    return write


@pytest.mark.parametrize(
    ("encoding", "cpg", "read"),
    [
        ("GBK", None, "GBK"),
        ("GBK", "GBK", "GBK"),
        ("GBK", "936", "GBK"),
        ("UTF-8", None, "UTF-8"),
        ("UTF-8", "UTF-8", "UTF-8"),
    ],
)
def test_chinese_columns_are_read_with_or_without_a_cpg(
    chinese: Callable[..., Path], town: Community, encoding: str, cpg: str | None, read: str
) -> None:
    made = plan(town, chinese(encoding, cpg))
    assert made.read_as["encoding"] == read
    assert made.rows[0].values["name"] == "海棠一号楼"
    assert (made.rows[1].values["floors_above"], made.rows[1].values["height_m"]) == (18, 54.0)
    assert made.rows[1].values["address"] == "海棠路2号"
    assert "encoding_is_not_as_named" not in codes(made)


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("GBK", "UTF-8"), ("GBK", "ISO-8859-1"), ("UTF-8", "ISO 88591")]
)
def test_a_cpg_that_is_wrong_is_not_believed(
    chinese: Callable[..., Path], town: Community, encoding: str, cpg: str
) -> None:
    made = plan(town, chinese(encoding, cpg))
    assert made.rows[0].values["name"] == "海棠一号楼"
    assert "encoding_is_not_as_named" in codes(made)


def test_an_encoding_can_be_stated(chinese: Callable[..., Path], town: Community) -> None:
    assert plan(town, chinese("GBK", None), encoding="gb2312").rows[0].values["name"] == "海棠一号楼"
    with pytest.raises(FileRefused, match="klingon"):
        plan(town, chinese("GBK", None), encoding="klingon")


def test_a_letter_cut_off_at_the_end_of_its_column_does_not_confuse() -> None:
    cut = "海棠湾一号楼".encode()[:-1].decode("latin-1")
    assert encoding_of(["name"], [cut], named=None) == ("utf-8", True)


def test_bytes_that_are_no_text_ask_for_the_encoding() -> None:
    with pytest.raises(FileRefused):
        encoding_of(["name"], ["\xff\xff\xff"], named=None)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("ANSI 936", "gb18030"), ("CP936", "gb18030"), ("UTF-8", "utf-8"), ("1252", "cp1252"), ("x", None)],
)
def test_encodings_have_many_names(name: str, codec: str | None) -> None:
    assert known_encoding(name) == codec
