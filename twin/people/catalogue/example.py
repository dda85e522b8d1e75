"""The file to start from: the tags that the community has, in the columns that are read, with what goes into each."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from twin.people.catalogue.classes import Tree
from twin.people.catalogue.columns import PATTERN_WORDS, SUBJECT_WORDS, TREE
from twin.people.models import Tag, TagClass
from twin.people.roster.marking import plain_cell
from twin.places.models import Community

COLUMNS: tuple[tuple[str, str, str, int], ...] = (
    ("code", "标签编码", "必填。标签的固定编码，不超过40个字；再次导入时凭它认出同一个标签。", 18),
    ("name", "标签名称", "必填（L5除外）。", 22),
    ("name_en", "英文名称", "可不填。", 26),
    ("class_1", "一级分类", "新标签必填。没有的分类会新建。", 14),
    ("class_2", "二级分类", "可不填。", 14),
    ("class_3", "三级分类", "可不填。", 14),
    (
        "level",
        "敏感等级",
        "必填。L1 至 L5；L5 只写编码，名称、目的、依据都空着。等级只升不降：要降，导入时须逐个写明编码和理由。",
        10,
    ),
    ("applies_to", "适用对象", "人、户、房屋。新标签不填即为“人”；已有的不能改。", 10),
    ("colour", "颜色", "如 #8aa4c8。新标签不填会自动选。", 10),
    ("pattern", "图案", "纯色、斜纹、反斜纹、横纹、圆点、交叉、圆环、方格。不填会自动选。", 10),
    ("symbol", "简称", "一两个字。新标签不填取名称的第一个字。", 8),
    ("purpose", "使用目的", "L3 及以上必填。", 26),
    ("basis", "依据/来源", "L3 及以上必填：法律、政策依据。", 34),
    ("lasts_days", "有效期", "授予时未写截止日期的，到期自动失效：天数，或“6个月”“1年”；“长期”为不限。", 10),
    ("position", "排序", "数字，小的在前。新标签不填按行号。", 8),
)
"""Field, title, what goes into it, width."""
CLASS_COLUMNS = (
    ("class_code", "分类编码", 22), ("name", "分类名称", 18), ("name_en", "英文名称", 22), ("parent", "上级分类编码", 18),
    ("colour", "颜色", 10), ("position", "排序", 8),
)  # fmt: skip
GENERAL = (
    "空单元格不改动已有内容；在名称以外的文字单元格里写“-”可清空。",
    "文件里没有的标签保持不变；停用标签请在后台“标签”页面操作。",
    "列的顺序可变，多余的列不读。先试运行，逐行看会新增、修改、拒绝什么，再应用。",
)
HEADER = PatternFill("solid", start_color="FFD9E6F7")


def example_workbook(community: Community) -> bytes:
    """An XLSX with sheets of tags, of classes and of explanations. Imported as it is, it changes nothing."""
    book = Book(write_only=True)
    tags = [[title for _, title, _, _ in COLUMNS], *_tags(community)]
    _sheet(book, "标签", tags, [width for *_, width in COLUMNS])
    classes = [[title for _, title, _ in CLASS_COLUMNS], *_classes(community)]
    _sheet(book, "标签分类", classes, [width for *_, width in CLASS_COLUMNS])
    told = [
        ["列", "填写说明"],
        *([title, what] for _, title, what, _ in COLUMNS),
        *(["", line] for line in GENERAL),
    ]
    _sheet(book, "填写说明", told, [14, 90])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def example_csv(community: Community) -> bytes:
    """The sheet of tags alone; the mark at its start tells spreadsheets that it is UTF-8."""
    out = StringIO()
    csv.writer(out).writerows([[title for _, title, _, _ in COLUMNS], *_tags(community)])
    return out.getvalue().encode("utf-8-sig")


def _tags(community: Community) -> list[list[Any]]:
    tree = Tree(TagClass.objects.in_force().filter(community=community).order_by("pk"))
    rows = Tag.objects.in_force().filter(community=community).select_related("tag_class")
    return [_tag(tag, tree) for tag in rows.order_by("position", "pk")]


def _tag(tag: Tag, tree: Tree) -> list[Any]:
    way = tree.nodes[tag.tag_class.code].way.split("/")
    steps = way if len(way) <= len(TREE) else [tag.tag_class.code]
    said = {
        **dict(zip(TREE, steps, strict=False)),
        "code": tag.code, "name": tag.name, "name_en": tag.name_en, "level": f"L{tag.level}",
        "applies_to": SUBJECT_WORDS[tag.applies_to], "colour": tag.colour, "pattern": PATTERN_WORDS[tag.pattern],
        "symbol": tag.symbol, "purpose": tag.purpose, "basis": tag.basis,
        "lasts_days": tag.lasts_days or "长期", "position": tag.position,
    }  # fmt: skip
    return [said.get(field, "") for field, *_ in COLUMNS]


def _classes(community: Community) -> list[list[Any]]:
    rows = TagClass.objects.in_force().filter(community=community).select_related("parent")
    return [
        [row.code, row.name, row.name_en, row.parent.code if row.parent else "", row.colour, row.position]
        for row in rows.order_by("position", "pk")
    ]


def _sheet(book: Book, name: str, rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    page = book.create_sheet(name)
    for at, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    page.freeze_panes = "A2"
    for number, values in enumerate(rows):
        cells = [plain_cell(page, value) for value in values]
        if number == 0:
            for cell in cells:
                cell.fill, cell.font = HEADER, Font(bold=True)
        page.append(cells)
