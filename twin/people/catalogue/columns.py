"""What the columns of a catalogue of tags are called, and what words in them mean."""

from __future__ import annotations

from typing import Final

from twin.people.models import Tag
from twin.people.roster.header import Vocabulary

TAGS: Final = Vocabulary(
    {
        "code": ("标签编码", "标签代码", "标签编号", "编码", "代码", "tagcode", "code"),
        "name": ("标签名称", "标签名", "中文名称", "名称", "标签", "tagname", "name"),
        "name_en": ("英文名称", "标签英文名", "英文名", "英文", "englishname", "nameen"),
        "level": ("敏感等级", "标签等级", "保密等级", "敏感级别", "级别", "等级", "level"),
        "applies_to": ("适用对象", "标签对象", "对象", "适用于", "对象类型", "appliesto"),
        "class_1": ("一级分类", "一级标签类", "一级类", "大类", "class1"),
        "class_2": ("二级分类", "二级标签类", "二级类", "中类", "class2"),
        "class_3": ("三级分类", "三级标签类", "三级类", "小类", "class3"),
        "tag_class": ("标签类", "标签分类", "所属分类", "所属类别", "分类", "类别", "tagclass", "class"),
        "colour": ("颜色", "标签颜色", "显示颜色", "色值", "colour", "color"),
        "pattern": ("图案", "花纹", "纹理", "pattern"),
        "symbol": ("简称", "符号", "标记", "单字", "symbol"),
        "purpose": ("使用目的", "用途", "目的", "采集目的", "purpose"),
        "basis": (
            "法律依据",
            "法定依据",
            "政策依据",
            "依据",
            "依据来源",
            "依据及来源",
            "来源依据",
            "legalbasis",
            "basis",
        ),
        "lasts_days": ("有效期", "有效天数", "默认有效期", "时效", "有效时长", "lasts", "lifetime"),
        "position": ("排序", "顺序", "排序号", "order", "position"),
    },
    needed="code",
)
CLASSES: Final = Vocabulary(
    {
        "class_code": ("分类编码", "类编码", "标签类编码", "类别编码", "分类代码", "classcode"),
        "name": ("分类名称", "类名称", "标签类名称", "类别名称", "classname"),
        "name_en": ("分类英文名", "类英文名", "英文名称", "英文名", "englishname"),
        "parent": ("上级分类", "上级类", "父级分类", "上级分类编码", "上级编码", "parent"),
        "colour": ("颜色", "分类颜色", "colour", "color"),
        "position": ("排序", "顺序", "order", "position"),
    },
    needed="class_code",
)
"""A sheet of its own that says of classes what the sheet of tags has no room for."""

TREE: Final = ("class_1", "class_2", "class_3")
LEVELS: Final = {
    word: level
    for level, chinese in enumerate("一二三四五", start=1)
    for word in (f"l{level}", str(level), f"{level}级", f"{chinese}级", f"{chinese}", f"l{level}级")
}
SUBJECTS: Final = {
    **dict.fromkeys(("人", "个人", "人员", "居民", "人口", "person"), Tag.Applies.PERSON),
    **dict.fromkeys(("户", "家庭", "住户", "household"), Tag.Applies.HOUSEHOLD),
    **dict.fromkeys(("房", "房屋", "户室", "住房", "房间", "dwelling"), Tag.Applies.DWELLING),
}
SUBJECT_WORDS: Final = {
    Tag.Applies.PERSON.value: "人",
    Tag.Applies.HOUSEHOLD.value: "户",
    Tag.Applies.DWELLING.value: "房屋",
}
"""As the example file says it."""
PATTERN_WORDS: Final = {
    "plain": "纯色", "stripes": "斜纹", "stripes_back": "反斜纹", "bars": "横纹", "dots": "圆点", "cross": "交叉",
    "rings": "圆环", "checks": "方格",
}  # fmt: skip
PATTERNS: Final = {
    **{word: pattern for pattern, word in PATTERN_WORDS.items()},
    **{pattern: pattern for pattern in Tag.Pattern.values},
}
FOR_EVER: Final = frozenset({"长期", "永久", "不限", "长期有效", "无期限", "-"})
"""Of a lifetime: it holds until it is ended."""
CLEARED: Final = "-"
"""In a cell of text: what was there goes. An empty cell leaves it."""
TEXTS: Final = {"name": 40, "name_en": 60, "symbol": 2, "purpose": 200, "basis": 200}
"""The longest that is kept of each."""
WORDLESS: Final = ("name", "name_en", "symbol", "purpose", "basis")
"""What an L5 tag does not say."""
