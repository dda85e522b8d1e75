"""The tag classes and the 29 tags that a community begins with. Data: every community changes its own copy.

Religion, health diagnoses, petitioning and criminal record are not among them, and `refusals` keeps them out. The two L5
codes say nothing: whoever gives them keeps their meaning elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class StarterClass:
    code: str
    name: str
    name_en: str
    colour: str


@dataclass(frozen=True, slots=True)
class StarterTag:
    code: str
    tag_class: str
    level: int
    name: str = ""
    name_en: str = ""
    symbol: str = ""
    colour: str = "#8aa4c8"
    pattern: str = "plain"
    applies_to: str = "person"
    purpose: str = ""
    basis: str = ""


STARTER_CLASSES: Final = (
    StarterClass("identity", "身份", "Identity", "#5b9bd5"),
    StarterClass("care", "服务", "Service and care", "#f2a154"),
    StarterClass("behaviour", "行为", "Behaviour", "#9d8df1"),
    StarterClass("safety", "场所安全", "Place and safety", "#e4665c"),
    StarterClass("restricted", "特别关照", "Extra care", "#9aa3ad"),
)

_MANAGE = ("人口与房屋信息登记", "《城市居民委员会组织法》《居住证暂行条例》")
_CARE = ("上门关爱与应急帮扶", "《老年人权益保障法》")
_DISABLED = ("上门关爱、应急疏散优先", "《残疾人保障法》")
_ASSIST = ("社会救助帮扶", "《社会救助暂行办法》")
_MINORS = ("未成年人关爱保护", "《未成年人保护法》")
_VETERANS = ("优待抚恤服务", "《退役军人保障法》《军人抚恤优待条例》")
_FIRE = ("消防安全检查", "《消防法》")


def _tag(
    code: str, tag_class: str, level: int, name: str, name_en: str, look: tuple[str, str, str],
    why: tuple[str, str] = ("", ""), applies_to: str = "person",
) -> StarterTag:  # fmt: skip
    symbol, colour, pattern = look
    purpose, basis = why
    return StarterTag(
        code, tag_class, level, name, name_en, symbol, colour, pattern, applies_to, purpose, basis
    )


STARTER_TAGS: Final = (
    _tag("permanent", "identity", 1, "常住", "Permanent resident", ("常", "#4f8fd0", "plain"), _MANAGE),
    _tag("tenant", "identity", 2, "租住", "Tenant", ("租", "#56b6c2", "stripes"), _MANAGE),
    _tag("elsewhere", "identity", 2, "人户分离", "Registered elsewhere", ("离", "#7aa2f7", "dots"), _MANAGE),
    _tag("returned", "identity", 2, "外出返回", "Back from elsewhere", ("返", "#6fc3df", "bars"), _MANAGE),
    _tag("visiting", "identity", 2, "来访", "Visiting", ("访", "#8bc6ec", "rings"), _MANAGE),
    _tag("newcomer", "identity", 1, "新居民", "Newcomer", ("新", "#4fc1a6", "plain"), _MANAGE),
    _tag("party_member", "identity", 2, "党员", "Party member", ("党", "#d9534f", "plain"),
         ("组织志愿服务", "《中国共产党章程》")),
    _tag("veteran", "identity", 2, "退役军人", "Veteran", ("军", "#6b8e5a", "bars"), _VETERANS),
    _tag("volunteer", "identity", 1, "志愿者/五员", "Volunteer", ("志", "#e8836b", "checks"),
         ("组织志愿服务", "《志愿服务条例》")),
    _tag("grid_force", "identity", 1, "楼组长/网格力量", "Stairwell head or grid force", ("楼", "#c98bdb", "plain"),
         ("组织楼组工作", "《城市居民委员会组织法》")),
    _tag("elder_alone", "care", 3, "独居老人", "Elder living alone", ("独", "#f28f3b", "plain"), _CARE),
    _tag("empty_nest", "care", 3, "空巢老人", "Empty-nest elder", ("空", "#f5b041", "stripes"), _CARE),
    _tag("aged_80", "care", 2, "高龄80+", "Aged 80 or over", ("高", "#f7c873", "dots"), _CARE),
    _tag("limited_mobility", "care", 3, "失能/行动不便", "Limited mobility", ("行", "#e67e5f", "cross"), _DISABLED),
    _tag("disabled", "care", 3, "残疾人", "Disabled", ("残", "#d98880", "bars"), _DISABLED),
    _tag("minimum_living", "care", 3, "低保", "Minimum living allowance", ("低", "#c39bd3", "stripes"), _ASSIST),
    _tag("extreme_poverty", "care", 3, "特困", "Extreme poverty support", ("困", "#a569bd", "checks"), _ASSIST),
    _tag("child_in_need", "care", 4, "困境儿童", "Child in need", ("童", "#ec87c0", "rings"), _MINORS),
    _tag("child_unsupported", "care", 4, "事实无人抚养儿童", "Child without support", ("抚", "#d770ad", "cross"), _MINORS),
    _tag("left_behind", "care", 3, "留守人员", "Left behind", ("留", "#f0b27a", "stripes_back"), _CARE),
    _tag("gravely_ill", "care", 4, "重病", "Gravely ill", ("病", "#e06377", "checks"), _ASSIST),
    _tag("maternity", "care", 3, "孕产妇", "Expecting or new mother", ("孕", "#f1948a", "dots"),
         ("孕产期保健服务", "《母婴保健法》")),
    _tag("job_support", "care", 3, "就业援助", "Job support", ("业", "#85c1a3", "stripes"),
         ("就业援助", "《就业促进法》")),
    _tag("entitled", "care", 2, "优抚对象", "Entitled to special care", ("优", "#7fb77e", "rings"), _VETERANS),
    _tag("e_bike", "safety", 1, "电动自行车户", "E-bike household", ("电", "#5dade2", "bars"), _FIRE, "household"),
    _tag("shared_kitchen", "safety", 1, "燃气/共用厨房户", "Gas or shared kitchen", ("厨", "#e59866", "cross"), _FIRE,
         "household"),
    _tag("let_home", "safety", 1, "出租户", "Let home", ("出", "#48c9b0", "stripes_back"),
         ("出租房屋安全管理", "《商品房屋租赁管理办法》"), "dwelling"),
    StarterTag("X1", "restricted", 5, colour="#9aa3ad", pattern="plain"),
    StarterTag("X2", "restricted", 5, colour="#9aa3ad", pattern="plain"),
)  # fmt: skip
