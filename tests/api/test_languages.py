"""Whatever is refused is said in the language of whoever reads it; codes stay what they are."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from twin.access.actions import issue_token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.devices.models import Alarm
from twin.places.actions import end_building
from twin.places.models import Building, Community

ENGLISH = {"accept-language": "en-GB,en;q=0.8"}
CHINESE = {"accept-language": "zh-CN,zh;q=0.9"}


@pytest.fixture
def worker(in_role: Callable[..., User], client: Client) -> Client:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


def refusal(client: Client, path: str, headers: dict[str, str]) -> tuple[str, str]:
    error = client.get(path, headers=headers).json()["error"]
    return error["code"], error["message"]


def test_a_browser_that_speaks_english_hears_english(worker: Client) -> None:
    assert refusal(worker, "/api/buildings/9/", ENGLISH) == ("not_found", "There is nothing here for you.")


def test_a_browser_that_speaks_chinese_hears_chinese(worker: Client) -> None:
    assert refusal(worker, "/api/buildings/9/", CHINESE) == ("not_found", "没有找到，或您没有查看权限。")


def test_who_says_nothing_hears_chinese(worker: Client) -> None:
    assert refusal(worker, "/api/search/?community=x", {})[1] == "请用整数指明社区。"


def test_the_language_chosen_on_a_page_comes_before_the_browsers(worker: Client) -> None:
    worker.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert refusal(worker, "/nothing/", CHINESE) == ("not_found", "There is nothing at /nothing/.")


@pytest.mark.parametrize(
    ("path", "code", "english", "chinese"),
    [
        ("/layers/{c}/features/castles/", "not_found", "There is no layer 'castles'.", "没有图层“castles”。"),
        ("/layers/{c}/features/buildings/?limit=0", "invalid", "is a whole number from 1.", "须为不小于 1 的整数。"),
        ("/layers/{c}/tiles/buildings/1/1/9/9.mvt", "not_found", "There is no such tile.", "没有这个瓦片。"),
        ("/api/imports/?state=nonsense", "invalid", "Select a valid choice.", "选择一个有效的选项"),
    ],
)  # fmt: skip
def test_every_way_of_being_refused_has_both(
    worker: Client, community: Community, path: str, code: str, english: str, chinese: str
) -> None:
    asked = path.format(c=community.pk)
    for headers, words in ((ENGLISH, english), (CHINESE, chinese)):
        told = refusal(worker, asked, headers)
        assert told[0] == code
        assert words in told[1]


def test_a_device_token_is_refused_in_the_language_of_its_owner(client: Client, community: Community) -> None:
    _, secret = issue_token(community=community, kind="device", name="网关")
    asked = {"authorization": f"Bearer {secret}", **CHINESE}
    assert refusal(client, "/api/buildings/", asked) == ("unauthenticated", "这里不能使用“设备网关”类令牌。")


def test_what_a_phone_sends_wrongly_is_said_in_its_language(client: Client, community: Community) -> None:
    _, secret = issue_token(community=community, kind="device", name="网关")
    for language, words in (
        (CHINESE, "缺少字段 `readings`。"),
        (ENGLISH, "The field `readings` is missing."),
    ):
        answer = client.post(
            "/ingest/readings/", json.dumps({}), content_type="application/json",
            headers={"authorization": f"Bearer {secret}", **language},
        )  # fmt: skip
        assert answer.json()["error"]["message"] == words


def test_a_sentence_is_filled_in_the_readers_language_too() -> None:
    error = Conflict(
        "Alarm %(alarm)s is %(handling)s; from there it can become %(allowed)s, not %(step)s.",
        alarm=5, handling=Alarm.Handling.NEW.label, allowed=[Alarm.Handling.ACKED.label], step=Alarm.Handling.CLOSED.label,
    )  # fmt: skip
    with override("zh-hans"):
        assert error.message == "告警 5 现在的状态是“待确认”；接下来可以是：已确认，不能是：已结案。"
    with override("en"):
        assert error.message == "Alarm 5 is new; from there it can become acknowledged, not closed."


def test_logs_are_in_english_whoever_asked(west_building: Building) -> None:
    end_building(building=west_building)
    west_building.refresh_from_db()
    with pytest.raises(Conflict, match="西楼 has ended already") as refused:
        end_building(building=west_building)
    with override("zh-hans"):
        assert refused.value.message == "“西楼”已停用。"
        assert str(refused.value) == "西楼 has ended already."


def test_a_percent_sign_is_no_place_to_fill() -> None:
    assert str(Invalid("100 % of it.")) == "100 % of it."
