"""Compounds, streets and land cover."""

from __future__ import annotations

from twin.places.importing.identity import Rule
from twin.places.importing.kinds.kind import Context, PlaceKind
from twin.places.importing.kinds.words import Words, listed, ours, text_of
from twin.places.importing.notes import RowRefused
from twin.places.importing.rows import Cells, Row
from twin.places.models import Compound, LandCover, Street

COMPOUND_KINDS: Words = listed(
    {
        Compound.Kind.OLD_LANE: "里弄 弄堂 胡同 老旧",
        Compound.Kind.VILLA: "villas 别墅",
        Compound.Kind.WORK_UNIT: "单位 家属院 宿舍",
        Compound.Kind.SLAB: "多层 板楼",
        Compound.Kind.MODERN: "商品房 高层 新建",
        Compound.Kind.MIXED: "混合 综合",
    }
)
STREET_KINDS: Words = listed(
    {
        Street.Kind.PRIMARY: (
            "motorway motorway_link trunk trunk_link primary_link 高速 快速路 主干 国道 省道"
        ),
        Street.Kind.SECONDARY: "secondary_link tertiary tertiary_link 次干 县道",
        Street.Kind.LANE: (
            "service footway path pedestrian track steps cycleway alley 巷 弄 里 小区路 步行 人行"
        ),
        Street.Kind.RESIDENTIAL: "unclassified living_street road 支路 居住 街道 乡道",
    }
)
LAND_KINDS: Words = listed(
    {
        LandCover.Kind.WATER: "river lake pond reservoir riverbank basin canal wetland 水 河 湖 池",
        LandCover.Kind.PLAYGROUND: "pitch sports_centre 运动场 操场 球场 游乐",
        LandCover.Kind.PARK: (
            "garden grass forest wood recreation_ground village_green meadow scrub green 公园 绿 林 草"
        ),
        LandCover.Kind.PLAZA: "square pedestrian 广场",
        LandCover.Kind.PARKING: "parking_lot 停车",
    }
)


def read_compound(cells: Cells, row: Row, context: Context) -> None:
    """Raises RowRefused."""
    name = text_of(row, "name", cells.get("name"), 80)
    if not name:
        raise RowRefused("name_is_missing")
    row.values["name"] = name
    kind, _ = ours(cells.all("kind"), COMPOUND_KINDS, context)
    if kind:
        row.values["kind"] = kind
    committee = text_of(row, "committee", cells.get("committee"), 80)
    if committee:
        row.values["committee"] = committee


def read_street(cells: Cells, row: Row, context: Context) -> None:
    name = text_of(row, "name", cells.get("name"), 80)
    if name:
        row.values["name"] = name
    kind, strange = ours(cells.all("kind"), STREET_KINDS, context)
    if kind:
        row.values["kind"] = kind
    elif strange:
        row.note("street_kind_unknown")


def read_land_cover(cells: Cells, row: Row, context: Context) -> None:
    """Raises RowRefused: what ground it is cannot be left open."""
    kind, _ = ours(cells.all("kind"), LAND_KINDS, context)
    if kind is None:
        told = ", ".join(dict.fromkeys(str(value)[:40] for value in cells.all("kind") if value is not None))
        raise RowRefused("land_kind_unknown", text=told or "-")
    row.values["kind"] = kind
    name = text_of(row, "name", cells.get("name"), 80)
    if name:
        row.values["name"] = name


COMPOUNDS = PlaceKind(
    "compounds", Compound, "geometry", Rule(names=("name",)), ("name", "kind", "committee"), read_compound
)
STREETS = PlaceKind("streets", Street, "geometry", Rule(), ("name", "kind"), read_street, lines=True)
LANDCOVER = PlaceKind("landcover", LandCover, "geometry", Rule(), ("name", "kind"), read_land_cover)
