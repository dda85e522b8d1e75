"""A catalogue of tags is brought in from a spreadsheet: told row by row, then done, all or nothing, as often as one likes."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.people.catalogue.many import HEADER, MANY, as_csv, as_xlsx, many_tags
from tests.people.conftest import AddPerson, Settle
from twin.access.models import AuditEntry
from twin.base.errors import Conflict, Invalid
from twin.base.notes import FileRefused
from twin.people.actions import change_tag, give_tag
from twin.people.catalogue.example import example_csv, example_workbook
from twin.people.catalogue.plan import CataloguePlan, CatalogueRequest, Options, make_plan
from twin.people.catalogue.runs import apply_catalogue, check_catalogue, import_catalogue, receive_catalogue
from twin.people.models import Tag, TagCatalogueRun, TagClass
from twin.places.models import Community, Dwelling

Tags = dict[str, Tag]
ELDER = ("elder_alone", "独居老人", "", "服务", "L3")
SHORT = ("标签编码", "标签名称", "颜色", "分类", "等级")


@pytest.fixture
def ask(community: Community) -> Any:
    def request(*rows: tuple[Any, ...], data: bytes | None = None, **options: Any) -> CatalogueRequest:
        sent = as_xlsx([SHORT, *rows]) if data is None else data
        return CatalogueRequest(community, sent, "标签.xlsx", "标签", Options(**options))

    return request


def codes_of(plan: CataloguePlan) -> list[tuple[str, list[str]]]:
    return [(row.code, [one.code for one in row.notes]) for row in plan.rows]


@pytest.mark.parametrize("make", [as_xlsx, as_csv])
def test_286_tags_come_in_with_their_classes(make: Any, ask: Any, community: Community) -> None:
    plan = import_catalogue(request=ask(data=make(many_tags())))
    counts = plan.counts
    assert (counts["rows"], counts["create"], counts["refuse"], counts["classes"]) == (MANY, MANY, 0, 18)
    tag = Tag.objects.select_related("tag_class__parent").get(code="T008")
    assert (tag.name, tag.level, tag.applies_to, tag.lasts_days) == ("参与标签8号", 4, "household", 90)
    assert (tag.tag_class.name, tag.tag_class.parent.name) == ("参与", "行为")
    assert Tag.objects.filter(level=5).exclude(name="").count() == 0


def test_and_a_second_time_nothing_changes(ask: Any) -> None:
    import_catalogue(request=ask(data=as_xlsx(many_tags())))
    plan = import_catalogue(request=ask(data=as_xlsx(many_tags())))
    assert (plan.counts["unchanged"], plan.counts["classes"]) == (MANY, 0)


def test_a_dry_run_changes_nothing(ask: Any) -> None:
    plan = make_plan(ask(data=as_xlsx(many_tags())))
    assert plan.counts["create"] == MANY
    assert not Tag.objects.exists()
    assert not TagClass.objects.exists()


def test_what_changes_is_told_field_by_field(ask: Any, tags: Tags) -> None:
    plan = make_plan(ask(("veteran", "退役老兵", "#112233", "身份", "L3")))
    [row] = plan.rows
    assert (row.verdict, row.changes) == (
        "change",
        {"name": ("退役军人", "退役老兵"), "level": (2, 3), "colour": ("#6b8e5a", "#112233")},
    )


def test_an_empty_cell_changes_nothing(ask: Any, tags: Tags) -> None:
    [row] = make_plan(ask(("veteran", "", "", "", ""))).rows
    assert row.verdict == "unchanged"


def test_a_level_does_not_fall_by_itself(ask: Any, tags: Tags) -> None:
    plan = import_catalogue(request=ask(("child_in_need", "困境儿童", "", "服务", "L1")))
    assert codes_of(plan) == [("child_in_need", ["tag_level_would_fall"])]
    assert Tag.objects.get(code="child_in_need").level == 4
    assert "L4" in plan.rows[0].notes[0].message
    assert "等级 (E)" in plan.rows[0].notes[0].message


def test_one_that_is_named_falls_and_the_audit_keeps_why(ask: Any, tags: Tags) -> None:
    rows = (("child_in_need", "", "", "", "L3"), ("gravely_ill", "", "", "", "L2"))
    plan = import_catalogue(request=ask(*rows, lower=("child_in_need",), why="街道2026年3号文"))
    assert codes_of(plan) == [
        ("child_in_need", ["tag_level_falls"]), ("gravely_ill", ["tag_level_would_fall"]),
    ]  # fmt: skip
    levels = dict(Tag.objects.filter(code__in=("child_in_need", "gravely_ill")).values_list("code", "level"))
    assert levels == {"child_in_need": 3, "gravely_ill": 4}
    [entry] = AuditEntry.objects.filter(action="tag.lower")
    assert (entry.reason, entry.detail) == ("街道2026年3号文", {"from": 4, "to": 3})


def test_no_level_falls_without_a_reason(ask: Any, tags: Tags) -> None:
    with pytest.raises(Invalid) as refusal:
        make_plan(ask(ELDER, lower=("elder_alone",)))
    assert refusal.value.code == "lowering_needs_a_reason"


def test_a_level_that_is_lowered_by_hand_is_audited_too(tags: Tags) -> None:
    change_tag(tag=tags["gravely_ill"], level=3, why="核对后")
    assert AuditEntry.objects.get(action="tag.lower").detail == {"from": 4, "to": 3}


@pytest.mark.parametrize(
    ("row", "code", "letter"),
    [
        (("", "某事", "", "服务", "L1"), "tag_code_missing", "A"),
        (("a b", "某事", "", "服务", "L1"), "tag_code_form", "A"),
        (("a", "", "", "服务", "L1"), "tag_name_missing", "B"),
        (("a", "某事", "", "服务", ""), "tag_level_missing", "E"),
        (("a", "某事", "", "服务", "L9"), "tag_level_not_understood", "E"),
        (("a", "某事", "", "", "L1"), "tag_class_missing", "D"),
        (("a", "某事", "红", "服务", "L1"), "tag_colour_not_understood", "C"),
        (("a", "信教群众", "", "服务", "L1"), "tag_is_not_kept", "B"),
        (("X9", "某事", "", "特别关照", "L5"), "tag_l5_says_nothing", "B"),
        (("abc", "", "", "特别关照", "L5"), "tag_l5_code_form", "A"),
        (("a", "某事", "", "服务", "L3"), "tag_purpose_missing", ""),
        (("a", "某" * 41, "", "服务", "L1"), "tag_text_too_long", "B"),
        (("a", "#REF!", "", "服务", "L1"), "tag_cell_is_an_error", "B"),
    ],
)
def test_a_fault_names_its_cell(row: Any, code: str, letter: str, ask: Any, tags: Tags) -> None:
    [told] = make_plan(ask(row)).rows
    assert told.verdict == "refuse"
    assert (told.notes[0].code, told.notes[0].details["letter"]) == (code, letter)
    assert told.notes[0].message


def test_a_code_that_comes_twice_comes_in_once(ask: Any) -> None:
    plan = import_catalogue(request=ask(("a", "一", "", "服务", "L1"), ("a", "二", "", "服务", "L1")))
    assert codes_of(plan)[1] == ("a", ["tag_code_repeats_row"])
    assert Tag.objects.get(code="a").name == "一"


def test_what_a_tag_is_about_stays(ask: Any, tags: Tags) -> None:
    rows = [("标签编码", "标签名称", "适用对象"), ("let_home", "出租户", "人")]
    assert codes_of(make_plan(ask(data=as_xlsx(rows)))) == [("let_home", ["tag_applies_stays"])]


def test_a_refused_row_makes_no_class(ask: Any) -> None:
    plan = import_catalogue(request=ask(("a", "某事", "", "新类/下级", "L9")))
    assert plan.counts["classes"] == 0
    assert not TagClass.objects.exists()


def test_a_sheet_of_classes_says_what_they_look_like(ask: Any) -> None:
    classes = [
        ("分类编码", "分类名称", "英文名称", "上级分类编码", "颜色"), ("old", "老年人", "Old age", "serve", "#abcdef"),
        ("serve", "服务", "Service", "", ""), ("loose", "散", "", "nowhere", ""),
    ]  # fmt: skip
    rows = [
        SHORT,
        ("a", "某事", "", "old", "L1"),
        ("b", "别事", "", "服务/老年人", "L1"),
        ("c", "他", "", "loose", "L1"),
    ]
    plan = import_catalogue(request=ask(data=as_xlsx(rows, 分类=classes)))
    assert [(row.code, row.verdict) for row in plan.rows] == [
        ("a", "create"), ("b", "create"), ("c", "refuse"), ("old", "create"), ("serve", "create"), ("loose", "refuse"),
    ]  # fmt: skip
    old = TagClass.objects.select_related("parent").get(code="old")
    assert (old.name_en, old.colour, old.parent and old.parent.code) == ("Old age", "#abcdef", "serve")
    assert set(Tag.objects.values_list("tag_class", flat=True)) == {old.pk}


def test_the_example_file_imported_as_it_is_changes_nothing(
    ask: Any, community: Community, tags: Tags
) -> None:
    for data in (example_workbook(community), example_csv(community)):
        plan = make_plan(ask(data=data))
        assert plan.counts["unchanged"] == plan.counts["rows"] >= len(tags)


def test_a_file_without_the_codes_is_refused(ask: Any) -> None:
    with pytest.raises(FileRefused) as refusal:
        make_plan(ask(data=as_xlsx([("甲", "乙"), (1, 2)])))
    assert refusal.value.code == "tags_header_not_found"


def test_a_column_of_another_name_is_stated(ask: Any) -> None:
    rows = [("标签编码", "标签名称", "分类", "机密"), ("a", "某事", "服务", "2")]
    import_catalogue(request=ask(data=as_xlsx(rows), fields={"level": "D"}))
    assert Tag.objects.get(code="a").level == 2


def test_what_was_looked_at_is_what_is_applied(ask: Any, tags: Tags) -> None:
    run = receive_catalogue(request=ask(("veteran", "退役老兵", "", "", "L2")))
    check_catalogue(run)
    change_tag(tag=tags["veteran"], level=3)
    with pytest.raises(Conflict) as refusal:
        apply_catalogue(run)
    assert refusal.value.code == "plan_changed"
    run = TagCatalogueRun.objects.get()
    assert (run.state, run.report["reasons"]) == ("checked", {"tag_level_would_fall": 1})


def test_the_command_tells_and_then_does(tmp_path: Path, community: Community) -> None:
    file, out = tmp_path / "标签.csv", StringIO()
    file.write_bytes(as_csv([HEADER, *many_tags(12)[2:-1]]))
    call_command("import_tags", file, community=community.name, dry_run=True, stdout=out)
    assert not Tag.objects.exists()
    assert "+ CSV 2: T001" in out.getvalue()
    call_command("import_tags", file, community=community.name, stdout=StringIO())
    assert Tag.objects.count() == 12


def test_the_command_writes_the_example_file(tmp_path: Path, community: Community, tags: Tags) -> None:
    for name in ("example.xlsx", "example.csv"):
        call_command("import_tags", tmp_path / name, community=str(community.pk), example=True)
        out = StringIO()
        call_command("import_tags", tmp_path / name, community=str(community.pk), dry_run=True, stdout=out)
        assert "✗" not in out.getvalue()
    with pytest.raises(CommandError):
        call_command("import_tags", tmp_path / "none.csv", community=str(community.pk))


def test_who_is_given_a_tag_that_lasts_a_while_has_it_that_long(
    ask: Any, tags: Tags, person: AddPerson, settle: Settle, flat: Dwelling
) -> None:
    change_tag(tag=tags["newcomer"], lasts_days=180)
    someone = person()
    settle(someone, flat)
    given = give_tag(tag=Tag.objects.get(code="newcomer"), subject=someone)
    assert given.valid_until is not None
    assert (given.valid_until - given.valid_from).days == 180
