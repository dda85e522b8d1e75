"""The classes, rules and rewards that a community begins with. Data: every community publishes its own versions of them.

A rule here is (code, class, Chinese, English, points) and what else is said of it. Points are a number, or the least and the
most that an auditor may give. `own`: done by itself, nobody has to audit it. `photo`: a claim needs one. `times` and `points`
of a period are the most that counts for one household.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class StarterRule:
    code: str
    kind: str
    name: str
    name_en: str
    points: int | tuple[int, int]
    own: bool = False
    photo: bool = False
    times: int | None = None
    most: int | None = None
    period: str = ""

    @property
    def terms(self) -> dict[str, Any]:
        """As `publish_rule` takes them."""
        least, most = (self.points, self.points) if isinstance(self.points, int) else self.points
        return {
            "name": self.name,
            "name_en": self.name_en,
            "least": least,
            "most": most,
            "needs_audit": not self.own,
            "needs_photo": self.photo,
            "cap_times": self.times,
            "cap_points": self.most,
            "cap_period": self.period,
        }


R = StarterRule
CLASSES: Final = (
    ("safety", "平安守护", "Safety"),
    ("environment", "环境卫生", "Environment"),
    ("neighbours", "邻里互助", "Neighbours"),
    ("elders", "敬老助残", "Care for elders"),
    ("children", "护苗助学", "Children"),
    ("volunteering", "志愿服务", "Volunteering"),
    ("governance", "议事共治", "Having a say"),
    ("homes", "文明家风", "Homes and families"),
    ("pets", "文明养宠", "Pets"),
    ("fire", "消防违规", "Fire safety breaches"),
    ("order", "秩序违规", "Breaches of order"),
    ("litter", "环境违规", "Littering"),
)

BASE: Final[tuple[StarterRule, ...]] = (
    # Safety
    R("fire_early", "safety", "及时报告初起火情", "Report an early fire", 10),
    R("fire_put_out", "safety", "扑灭初起火情", "Put out an early fire", 20),
    R("gas_smell", "safety", "报告燃气异味或泄漏", "Report a smell of gas", 8),
    R("guest_house", "safety", "报告住宅改作民宿", "Report a home turned into a guest house", 2, times=5, period="month"),
    R("group_letting", "safety", "报告群租线索", "Report a crowded flat", 2, times=5, period="month"),
    R("fraud_stopped", "safety", "劝阻电信诈骗", "Stop a fraud by telephone", 10),
    R("lift_fault", "safety", "报告电梯故障", "Report a faulty lift", 2, times=5, period="month"),
    R("manhole", "safety", "报告井盖缺损", "Report a broken manhole cover", 3, photo=True, times=5, period="month"),
    R("falling_risk", "safety", "报告外墙坠物隐患", "Report loose facade parts", 5, photo=True),
    R("lane_blocked", "safety", "报告消防通道堵塞", "Report a blocked fire lane", 2, photo=True, times=8, period="month"),
    R("stairwell_ebike", "safety", "报告电动车进楼", "Report an e-bike indoors", 2, photo=True, times=8, period="month"),
    R("night_watch", "safety", "参加夜间巡逻", "Join a night watch", 3, times=10, period="month"),
    R("fire_drill", "safety", "参加消防演练", "Join a fire drill", 3, times=4, period="year"),
    R("smoke_alarm", "safety", "家中安装烟感报警器", "Fit a smoke alarm at home", 5, photo=True, times=1, period="year"),
    R("gas_hose", "safety", "更换燃气软管", "Renew the gas hose", 4, photo=True, times=1, period="year"),
    R("extinguisher", "safety", "家中配备灭火器", "Keep an extinguisher at home", 4, photo=True, times=1, period="year"),
    R("ebike_registered", "safety", "电动车登记并入棚充电", "Register an e-bike and charge it in the shed", 3, times=1,
      period="year"),
    R("rider_report", "safety", "骑手有效上报", "A rider's valid report", 3, photo=True, times=20, period="month"),
    # Environment
    R("clean_up", "environment", "参加清洁家园活动", "Join a clean-up", 2, photo=True, times=8, period="month"),
    R("stairwell_cleared", "environment", "清理楼道堆物", "Clear a stairwell", 4, photo=True, times=2, period="month"),
    R("small_ads", "environment", "清除小广告", "Remove fly-posters", 2, photo=True, times=4, period="month"),
    R("waste_sorting", "environment", "正确分类投放垃圾", "Sort household waste", 1, own=True, times=1, period="week"),
    R("waste_guide", "environment", "垃圾分类值守", "Guide neighbours at the bins", 3, times=8, period="month"),
    R("bulky_waste", "environment", "大件垃圾预约清运", "Have bulky waste collected", 2, times=2, period="month"),
    R("green_adopted", "environment", "认养绿地", "Adopt a patch of green", (5, 20), photo=True, times=1, period="quarter"),
    R("river_watch", "environment", "参加护河巡查", "Watch over the stream", 2, times=4, period="month"),
    R("snow", "environment", "扫雪除冰", "Clear snow and ice", 4, photo=True, times=4, period="month"),
    R("standing_water", "environment", "清除积水防蚊", "Empty standing water", 1, photo=True, times=4, period="month"),
    R("old_clothes", "environment", "捐赠旧衣物", "Give old clothes", 2, times=2, period="month"),
    R("battery_recycling", "environment", "回收废旧电池", "Return used batteries", 1, own=True, times=1, period="month"),
    # Neighbours
    R("mediation", "neighbours", "调解邻里纠纷", "Settle a quarrel between neighbours", (3, 15)),
    R("tool_lent", "neighbours", "共享工具", "Lend tools", 1, own=True, times=2, period="month"),
    R("parcel", "neighbours", "帮邻居代收代办", "Run an errand for a neighbour", 1, times=4, period="month"),
    R("leak_told", "neighbours", "提醒并协助处理漏水", "Help with a leak next door", 3, photo=True, times=4, period="month"),
    R("newcomer", "neighbours", "帮助新居民融入", "Help a newcomer settle", 3, times=4, period="month"),
    R("found_returned", "neighbours", "拾金不昧", "Return what was found", 5),
    R("emergency_help", "neighbours", "紧急救助他人", "Help somebody in an emergency", (10, 60)),
    R("parking_shared", "neighbours", "错时共享车位", "Share a parking space", 3, times=1, period="month"),
    R("neighbour_festival", "neighbours", "组织邻里节活动", "Hold a neighbours' festival", (5, 30), photo=True),
    R("skill_taught", "neighbours", "开展技能分享", "Teach a skill", 4, times=4, period="month"),
    # Care for elders
    R("elder_repair", "elders", "为老人维修", "Repair something for an elder", 5, photo=True, times=6, period="month"),
    R("elder_haircut", "elders", "为老人理发", "Cut an elder's hair", 5, times=6, period="month"),
    R("elder_visit", "elders", "探望独居老人", "Visit an elder who lives alone", 3, times=8, period="month"),
    R("elder_meal", "elders", "为老人送餐", "Bring an elder a meal", 2, times=20, period="month"),
    R("elder_doctor", "elders", "陪同老人就医", "Take an elder to the doctor", 5, times=4, period="month"),
    R("elder_shopping", "elders", "帮老人代购", "Shop for an elder", 2, times=8, period="month"),
    R("elder_phone", "elders", "教老人使用手机", "Teach an elder to use a phone", 3, times=6, period="month"),
    R("elder_home_safe", "elders", "协助适老化改造", "Help make an elder's home safe", (5, 20), photo=True),
    R("disabled_help", "elders", "帮扶残疾人", "Help somebody with a disability", 4, times=8, period="month"),
    R("ramp_told", "elders", "报告无障碍设施问题", "Report a barrier", 2, photo=True, times=5, period="month"),
    # Children
    R("school_crossing", "children", "护学岗值守", "Guard the way to school", 3, times=10, period="month"),
    R("homework", "children", "课后托管辅导", "Help with homework", 4, times=8, period="month"),
    R("holiday_class", "children", "开办假期公益课", "Give a holiday class", 5, times=6, period="month"),
    R("books_given", "children", "捐赠图书", "Give books", 2, times=2, period="month"),
    R("child_volunteer", "children", "青少年志愿服务", "A young person volunteers", 3, times=8, period="month"),
    R("water_warning", "children", "劝阻儿童危险玩水", "Keep children from deep water", 4),
    # Volunteering
    R("volunteer_act", "volunteering", "参加志愿服务一次", "Volunteer once", 2, times=20, period="month"),
    R("volunteer_found", "volunteering", "推荐志愿者", "Recommend a volunteer", 5, times=4, period="year"),
    R("volunteer_leader", "volunteering", "组织志愿活动", "Lead volunteers", 8, photo=True, times=4, period="month"),
    R("blood", "volunteering", "无偿献血", "Give blood", 10, times=2, period="year"),
    R("donation", "volunteering", "爱心捐赠", "Give to the community fund", (3, 30), most=60, period="year"),
    R("flood_help", "volunteering", "参加防汛防台值守", "Stand by in storm or flood", 8, times=6, period="month"),
    R("emergency_team", "volunteering", "参加应急队训练", "Train with the emergency team", 4, times=4, period="month"),
    R("first_aid", "volunteering", "取得急救员证书", "Pass a first-aid course", 10, times=1, period="year"),
    R("merit", "volunteering", "突出贡献", "An outstanding deed", (3, 160), photo=True, most=160, period="year"),
    # Having a say
    R("meeting", "governance", "参加议事会", "Come to a residents' meeting", 2, times=4, period="month"),
    R("idea", "governance", "提出合理化建议", "Make a useful suggestion", 2, times=4, period="month"),
    R("idea_taken", "governance", "建议被采纳", "A suggestion is taken up", (5, 20)),
    R("survey", "governance", "参与问卷调查", "Answer a survey", 1, own=True, times=2, period="month"),
    R("owners_vote", "governance", "参加业主表决", "Vote as an owner", 2, own=True, times=4, period="year"),
    R("stairwell_head", "governance", "担任楼组长", "Serve as stairwell head", 5, times=1, period="month"),
    R("census_help", "governance", "协助信息核对", "Help keep the register right", 2, times=2, period="year"),
    # Homes and families
    R("tidy_home", "homes", "阳台整洁美化", "Keep a tidy, green balcony", 2, photo=True, times=1, period="quarter"),
    R("letting_registered", "homes", "主动登记出租信息", "Register a letting", 3, times=2, period="year"),
    R("frugal_feast", "homes", "喜事新办", "Celebrate without waste", 5, times=1, period="year"),
    R("reading_family", "homes", "参加书香家庭活动", "Join a reading family event", 2, times=4, period="month"),
    R("sports", "homes", "参加社区运动会", "Join the sports day", 2, times=4, period="year"),
    R("lecture", "homes", "参加讲座培训", "Attend a lecture", 1, times=4, period="month"),
    # Pets
    R("dog_registered", "pets", "办理犬证并免疫", "Register and vaccinate a dog", 3, photo=True, times=1, period="year"),
    R("dog_patrol", "pets", "文明养犬劝导", "Remind dog owners", 2, times=4, period="month"),
    # Breaches
    R("ebike_upstairs", "fire", "电动车进楼入户", "An e-bike in the stairwell", -5),
    R("flying_wire", "fire", "飞线充电", "Charging an e-bike through a window", -8),
    R("lane_parking", "fire", "占用消防通道", "Parking in the fire lane", -5),
    R("stairwell_goods", "fire", "楼道堆物", "Goods stored in the stairwell", -3),
    R("fire_door", "fire", "损坏或锁闭防火门", "A fire door locked or broken", -5),
    R("gas_refused", "fire", "拒绝燃气入户安检", "Refusing the gas inspection", -2),
    R("fireworks", "fire", "违规燃放烟花爆竹", "Fireworks where they are forbidden", -5),
    R("object_thrown", "order", "高空抛物", "Throwing things from a window", -10),
    R("noise", "order", "噪音扰民", "Noise at night", -3),
    R("illegal_building", "order", "违法搭建", "Building without permission", -10),
    R("unregistered_letting", "order", "出租房屋未登记", "Letting without registering", -5),
    R("false_claim", "order", "虚报积分", "A false claim of points", (-20, -3)),
    R("bad_parking", "order", "车辆乱停放", "Careless parking", -2),
    R("rubbish_dumped", "litter", "乱倒垃圾", "Dumping rubbish", -3),
    R("waste_mixed", "litter", "垃圾混投", "Waste not sorted", -1),
    R("green_damaged", "litter", "毁绿种菜", "Digging up the green", -3),
    R("dog_dirt", "litter", "遛狗不清理", "Dog dirt left behind", -2),
    R("dog_loose", "litter", "遛狗不牵绳", "A dog off the leash", -2),
    R("rubble", "litter", "装修垃圾乱堆", "Rubble left outside", -3),
)  # fmt: skip

# What a community values otherwise: the same act, other points. By the name of the set.
SETS: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "towers": {},
    "old_lanes": {
        "volunteer_act": {"points": 5, "times": 8},
        "clean_up": {"points": 3},
        "elder_visit": {"points": 5},
        "gas_hose": {"points": 8},
        "smoke_alarm": {"points": 10},
        "stairwell_goods": {"points": -5},
        "guest_house": {"points": 5},
        "parking_shared": {"points": 1},
    },
}

# Code, Chinese, English, colour, from how many points of the year.
BANDS: Final = (
    ("owing", "待提升", "Owing", "#8a93a6", -1000),
    ("beginning", "起步", "Beginning", "#5b8def", 0),
    ("active", "积极", "Active", "#2fbf9b", 15),
    ("good", "良好", "Good", "#f2c14e", 40),
    ("model", "示范", "Model", "#f08a4b", 80),
)

# Code, Chinese, English, price in points, stock.
REWARDS: Final = (
    ("soy_sauce", "酱油", "Soy sauce", 3, 400),
    ("rubbish_bags", "垃圾袋", "Rubbish bags", 2, 600),
    ("towel", "毛巾", "Towel", 4, 300),
    ("detergent", "洗衣液", "Detergent", 6, 300),
    ("eggs", "鸡蛋", "Eggs", 8, 200),
    ("haircut", "理发券", "Haircut voucher", 10, 100),
    ("umbrella", "雨伞", "Umbrella", 12, 80),
    ("rice", "大米", "Rice", 15, 200),
    ("canteen", "社区食堂餐券", "Canteen voucher", 18, 120),
    ("rapeseed_oil", "菜籽油", "Rapeseed oil", 40, 60),
)


def starter_rules(chosen: str) -> tuple[StarterRule, ...]:
    """The rules of a named set. Raises KeyError for a name that there is not."""
    other = SETS[chosen]
    return tuple(replace(rule, **other.get(rule.code, {})) for rule in BASE)
