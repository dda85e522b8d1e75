from __future__ import annotations

import pytest

from twin.people.readings import asked_words, words_of


def finds(asked: str, name: str) -> bool:
    return any(f" {word}" in words_of(name) for word in asked_words(asked))


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("单雄信", "shanxiongxin"),
        ("曾国藩", "zengguofan"),
        ("解缙", "xiejin"),
        ("仇英", "qiuying"),
        ("尉迟恭", "yuchigong"),
        ("查良镛", "zhaliangyong"),
        ("区大伦", "oudalun"),
        ("朴树", "piaoshu"),
        ("盖叫天", "gejiaotian"),
        ("任贤", "renxian"),
        ("万俟卨", "moqixie"),
        ("令狐冲", "linghuchong"),
        ("欧阳娜娜", "ouyangnana"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, read: str) -> None:
    assert words_of(name).startswith(f" {read} ")


@pytest.mark.parametrize(("name", "wrong"), [("单雄信", "dan"), ("曾国藩", "ceng"), ("仇英", "chou")])
def test_and_in_no_other_way(name: str, wrong: str) -> None:
    assert not finds(wrong, name)


@pytest.mark.parametrize(
    "asked", ["张伟", "zhangwei", "zhang wei", "ZhangWei", "zw", "zhangw", "Zhāng Wěi", "ＺＷ"]
)
def test_a_name_is_found_in_every_spelling(asked: str) -> None:
    assert finds(asked, "张伟")


@pytest.mark.parametrize("asked", ["xiaoming", "xm", "小明", "wangxiao", "王小"])
def test_the_given_name_alone_and_a_beginning_find_it(asked: str) -> None:
    assert finds(asked, "王小明")


@pytest.mark.parametrize("asked", ["wangchanglin", "wangzhanglin", "wcl", "wzl"])
def test_a_given_name_is_found_by_any_of_its_readings(asked: str) -> None:
    assert finds(asked, "王长林")


@pytest.mark.parametrize("asked", ["lübu", "lvbu", "lyubu", "lubu", "lǚbù"])
def test_every_way_to_type_an_umlaut(asked: str) -> None:
    assert finds(asked, "吕布")


@pytest.mark.parametrize(
    ("asked", "name"), [("尉迟", "尉迟恭"), ("尉迟", "尉迟"), ("解放", "王解放"), ("解缙", "解缙")]
)
def test_the_same_characters_find_a_surname_and_a_given_name(asked: str, name: str) -> None:
    assert finds(asked, name)


def test_names_of_other_peoples() -> None:
    assert finds("阿卜杜拉买买提", "阿卜杜拉·买买提")
    assert finds("smith", "John Smith")
    assert finds("js", "John Smith")


@pytest.mark.parametrize(
    "asked", ["", " ", "z", "张", "1", "1-2-502", "1203", "%%", "__", "🏠🏠", "\\", "'; --"]
)
def test_what_is_no_name_asks_for_nothing(asked: str) -> None:
    assert asked_words(asked) == []


def test_a_name_of_many_readings_is_kept_short() -> None:
    assert len(words_of("乐" * 60).split()) <= 4
    assert len(words_of("乐长行朝乐").split()) <= 40
