from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from twin.places.importing.identity import Rule
from twin.places.importing.kinds.kind import Context, PlaceKind
from twin.places.importing.kinds.storeys import read_storeys
from twin.places.importing.kinds.words import Words, listed, ours, text_of
from twin.places.importing.numbers import NotANumber, is_nothing, plain, whole, year
from twin.places.importing.rows import Cells, Row
from twin.places.models import Building

Use = Building.Use
USES: Words = listed(
    {
        Use.KINDERGARTEN: "幼儿园 托儿所 childcare",
        Use.SCHOOL: "college university education 学校 教学 教育 中学 小学 大学",
        Use.HOSPITAL: "clinic healthcare 医院 医疗 卫生 诊所",
        Use.MIXED: "mixed_use 商住 综合楼 住宅底商 混合",
        Use.MALL: "shopping_centre shopping_center department_store 商场 购物 百货",
        Use.MARKET: "marketplace supermarket 菜市场 超市 市场",
        Use.SHOP: "retail kiosk 店 商铺 商业 底商",
        Use.OFFICE: "offices commercial government 办公 写字楼 商务 行政",
        Use.COMMUNITY: "community_centre civic 居委会 社区中心 党群 活动中心 社区服务",
        Use.RESIDENTIAL: (
            "apartments apartment house detached semidetached_house terrace bungalow dormitory villa "
            "dwelling 住宅 居住 居民 公寓 宿舍 别墅 民居 民房 商品房"
        ),
        Use.OTHER: "其他 其它",
    }
)
Facility = Building.Facility
FACILITIES: Words = listed(
    {
        Facility.FIRE_STATION: "消防站 消防队 消防救援",
        Facility.POLICE: "police_station 派出所 警务 公安",
        Facility.CARE_HOME: "nursing_home social_facility retirement_home 养老院 敬老院 颐养院 福利院",
        Facility.LIBRARY: "public_library 图书馆",
        Facility.YOUTH_CENTRE: "youth_center youth_club 少年宫 青少年",
        Facility.SPORTS_HALL: "sports_centre sports_center gym 体育馆 健身",
        Facility.SWIMMING_HALL: "swimming_pool 游泳",
        Facility.TEA_HOUSE: "teahouse 茶室 茶馆",
        Facility.HOTEL: "hostel guest_house motel 宾馆 酒店 旅馆 招待所",
        Facility.RESEARCH: "research_institute 研究所 研究院",
        Facility.FERRY_TERMINAL: "码头 轮渡",
        Facility.GREENHOUSE: "温室",
    }
)
FIRST_YEAR, LAST_YEAR = 1000, 2100
MOST_UNITS = 100


def read_building(cells: Cells, row: Row, context: Context) -> None:
    """Raises RowRefused."""
    read_storeys(cells, row, context.community.storey_height_m, context.default_floors)
    texts = {
        "name": text_of(row, "name", cells.get("name"), 80),
        "number": text_of(row, "number", cells.get("number"), 20),
        "address": text_of(row, "address", _address(cells), 160),
    }
    row.values |= {name: text for name, text in texts.items() if text}
    use, strange = ours(cells.all("use"), USES, context)
    if use or strange:
        row.values["use"] = use or Use.OTHER
    _facility(cells, row, context)
    _counts(cells, row)
    _unit_names(cells, row)
    _compound(cells, row, context)


def _address(cells: Cells) -> object:
    """As stated, else street and number, as they are written where the street has its name from."""
    stated, street, number = cells.get("address"), cells.get("street"), cells.get("house_number")
    if stated is not None or street is None:
        return stated
    if number is None:
        return street
    if re.search(r"[\u4e00-\u9fff]", str(street)):
        return f"{street}{number}号" if str(number).isdigit() else f"{street}{number}"
    return f"{street} {number}"


def _counts(cells: Cells, row: Row) -> None:
    for name, field, read, least, most in (
        ("units", "units_stated", whole, 1, MOST_UNITS),
        ("flats", "flats_per_floor", whole, 1, 200),
        ("year", "year_built", year, FIRST_YEAR, LAST_YEAR),
    ):
        value = cells.get(name)
        try:
            number = read(value)
        except NotANumber as error:
            row.note("number_not_understood", field=name, text=str(error)[:80])
            continue
        if number is None:
            continue
        if least <= number <= most:
            row.values[field] = number
        else:
            row.note("number_is_implausible", field=name, value=number)


def _facility(cells: Cells, row: Row, context: Context) -> None:
    """What is none of these is no fault: most buildings are known for nothing."""
    found, _ = ours(cells.all("facility"), FACILITIES, Context(context.community))
    if found:
        row.values["facility"] = found


def _unit_names(cells: Cells, row: Row) -> None:
    """`19号、20号` in one cell. More than fit, or two alike, are no names of doors."""
    value = cells.get("unit_names")
    if is_nothing(value):
        return
    parts = value if isinstance(value, list) else _parts(str(value))
    names = [name for part in parts if (name := str(part).strip())]
    if len(names) > MOST_UNITS or any(len(name) > 20 for name in names) or len(set(names)) < len(names):
        row.note("unit_names_not_understood", text=str(value)[:80])
    else:
        row.values["unit_names"] = names


def _parts(text: str) -> list[Any]:
    """GDAL hands on an empty list, and one of several kinds, as the JSON that it was."""
    if text.startswith("["):
        with suppress(ValueError):
            read = json.loads(text)
            return read if isinstance(read, list) else [text]
    return re.split(r"[,，、;；|/]", text)


def _compound(cells: Cells, row: Row, context: Context) -> None:
    name = cells.get("compound")
    if is_nothing(name):
        return
    known = context.compounds.get(plain(str(name)))
    if known is None:
        row.note("compound_unknown", compound=str(name)[:80])
    else:
        row.values["compound_id"] = known


BUILDINGS = PlaceKind(
    name="buildings",
    model=Building,
    shape="footprint",
    rule=Rule(apart_m=100.0),
    fields=("name", "number", "address", "use", "facility", "floors_above", "floors_below", "height_m", "base_m",
            "units_stated", "unit_names", "flats_per_floor", "year_built", "compound_id"),
    read=read_building,
)  # fmt: skip
