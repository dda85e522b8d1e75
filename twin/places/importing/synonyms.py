"""Under which names offices write what we know: English, OpenStreetMap, CityJSON, Chinese, pinyin initials.

Compared without case, blanks, `_`, `:` and `-`; the first that a file has comes first.
"""

from __future__ import annotations

from collections.abc import Mapping


def listed(words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Words of one meaning, parted by blanks."""
    return {meaning: tuple(text.split()) for meaning, text in words.items()}


IDS = listed(
    {
        "id": (
            "source_id 唯一编码 唯一标识 标识码 bsm 楼栋编码 建筑编码 建筑物编码 楼栋编号 建筑编号 "
            "网格编码 网格编号 小区编码 小区编号 道路编码 道路编号 uuid guid gml_id identificatie id 编码 "
            "code 编号 代码 gid uid fid osm_id objectid 序号"
        ),
    }
)["id"]
OSM_WAY_ID = "osm_way_id"

BUILDINGS: dict[str, tuple[str, ...]] = listed(
    {
        "name": (
            "name 名称 楼栋名称 楼名称 建筑名称 建筑物名称 建筑名 楼名 楼宇名称 大厦名称 name:zh "
            "building_name bldg_name ldmc jzmc mc"
        ),
        "number": (
            "number 楼号 栋号 楼栋号 幢号 楼幢号 座号 楼牌号 building_number bldg_no house_number "
            "housenumber addr:housenumber ldh lh zh"
        ),
        "address": "address 地址 详细地址 标准地址 门牌地址 门牌 坐落 addr addr:full full_address dz xxdz",
        "street": "street addr:street 路名 街道名称 道路名称 所在道路",
        "house_number": "housenumber house_number addr:housenumber addr_housenumber 门牌号",
        "floors": (
            "floors_above floors levels building:levels 地上层数 楼层数 层数 总层数 楼层 floor "
            "storeys stories num_floors number_of_floors floor_count floor_num storeysaboveground "
            "dscs cs zcs"
        ),
        "floors_below": (
            "floors_below 地下层数 地下楼层 building:levels:underground storeysbelowground basements dxcs"
        ),
        "height": (
            "height_m height 高度 建筑高度 建筑物高度 楼高 楼栋高度 building:height building_height "
            "measuredheight bldg_height gd jzgd geometry_height"
        ),
        "base": "base_m min_height 底高 底部高度 base_height",
        "use": (
            "use 用途 建筑用途 房屋用途 建筑类型 类型 usage function building:use building "
            "kind_detail amenity yt jzyt type class"
        ),
        "facility": "facility 设施 设施类型 公共设施 amenity leisure tourism",
        "units": "units_stated units 单元数 单元总数 dys entrances",
        "unit_names": "unit_names 单元名称 单元名 门号 门牌号列表",
        "flats": "flats_per_floor 每层户数 每单元每层户数 梯户数 flats",
        "year": (
            "year_built 建成年份 建成年代 建造年份 建造年代 竣工年份 建成时间 year start_date "
            "yearofconstruction construction_year year_of_construction jcnf jznd"
        ),
        "compound": "compound 小区 小区名称 所属小区 所在小区 院落 xq xqmc",
    }
)
GRIDS: dict[str, tuple[str, ...]] = listed(
    {
        "name": "name 网格名称 名称 网格 grid_name title wgmc mc qh",
        "name_en": "name_en name:en 英文名称 英文名",
        "code": "code 网格编码 网格代码 网格编号 编码 代码 编号 grid_code wgbm wgbh bm",
        "kind": "kind level 网格级别 网格类型 级别 层级 类型 type",
        "colour": "colour color 颜色",
        "parent": (
            "parent parent_id parent_code 上级网格 上级 上级编码 上级网格编码 父网格 父级 所属网格 pid sj"
        ),
    }
)
COMPOUNDS: dict[str, tuple[str, ...]] = listed(
    {
        "name": "name 小区名称 小区 名称 小区名 compound title xqmc mc",
        "kind": "kind 小区类型 类型 type",
        "committee": "committee 居委会 所属居委会 居委 社区居委会 neighbourhood_committee",
    }
)
STREETS: dict[str, tuple[str, ...]] = listed(
    {
        "name": "name 道路名称 路名 名称 街道名称 道路名 name:zh street road_name title dlmc mc",
        "kind": "kind highway 道路等级 道路类型 等级 类型 fclass road_class class type dldj",
    }
)
LANDCOVER: dict[str, tuple[str, ...]] = listed(
    {
        "name": "name 名称 name:zh title mc",
        "kind": (
            "kind natural water leisure landuse amenity place fclass 地类 地类名称 类型 用地类型 "
            "class type dlmc"
        ),
    }
)
FIELDS = {
    "buildings": BUILDINGS,
    "grids": GRIDS,
    "compounds": COMPOUNDS,
    "streets": STREETS,
    "landcover": LANDCOVER,
}
