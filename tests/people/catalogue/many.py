"""A catalogue of 286 tags, as a large street has: five classes with classes below them, all levels and subjects."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook

HEADER = ("序号", "标签编码", "标签名称", "英文名称", "一级分类", "二级分类", "敏感等级", "适用对象", "颜色",
          "使用目的", "依据/来源", "有效期")  # fmt: skip
MANY = 286
CLASSES = (
    ("身份", ("户籍", "就业", "组织")), ("服务", ("老年人", "儿童", "残疾人", "救助")), ("行为", ("参与", "守约")),
    ("场所安全", ("消防", "房屋", "燃气")), ("特别关照", ("关照",)),
)  # fmt: skip
SUBJECTS = ("人", "户", "房屋")
PER_CLASS = 24


def row_of(n: int) -> tuple[Any, ...]:
    """The nth tag (from 0). Of every 24 the last is L5, but only in the class of extra care."""
    top, below = [(top, below) for top, belows in CLASSES for below in belows][n % 13]
    if top == "特别关照":
        return (n + 1, f"X{n + 1}", "", "", top, below, "L5", "人", "", "", "", "")
    level = n % 4 + 1
    why = (f"{below}走访帮扶", "《社会救助暂行办法》") if level >= 3 else ("", "")
    lasts = ("长期", "1年", "6个月", "90")[n % 4]
    subject = SUBJECTS[n % 3]
    return (n + 1, f"T{n + 1:03d}", f"{below}标签{n + 1}号", f"{below} {n + 1}", top, below, f"L{level}", subject, "", *why,
            lasts)  # fmt: skip


def many_tags(count: int = MANY) -> list[tuple[Any, ...]]:
    return [("社区标签目录（2026年修订）",), HEADER, *(row_of(n) for n in range(count)), ("合计", count)]


def as_xlsx(rows: list[tuple[Any, ...]], **more: list[tuple[Any, ...]]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "标签目录"
    for row in rows:
        page.append(row)
    for name, others in more.items():
        other = book.create_sheet(name)
        for row in others:
            other.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows: list[tuple[Any, ...]], encoding: str = "gb18030") -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)
