"""Facade modes about homes and the devices in them. Colours are told apart by every common kind of eyes on a dark wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When

from layers.catalog.live import SEVERITY
from layers.facade import Category, Facade, Pattern, Subject
from layers.facades import register
from layers.layer import Text
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.devices import events as happened
from twin.devices.models import Alarm, Device
from twin.places.events import DwellingsUsed
from twin.places.models import Dwelling

HAPPENINGS = Text("正在发生", "Happening now")
HOMES = Text("户室", "Homes")
DEVICES = Text("设备", "Devices")

# After Okabe and Ito, lighter where the night would swallow them.
SKY, GREEN, AMBER, ROSE, SAND, STEEL = "#4cc3ff", "#22c79a", "#ffab2e", "#f47cc0", "#f4ea6a", "#8f9ff5"
SMOKE = "smoke"


def _with_alarms(events: Sequence[Any]) -> Iterable[int | None]:
    alarms = Alarm.objects.filter(pk__in={event.alarm_id for event in events})
    return alarms.values_list("dwelling_id", flat=True)


def _with_devices(events: Sequence[Any]) -> Iterable[int | None]:
    """Where the device is now, and where it was carried away from."""
    devices = Device.objects.filter(pk__in={event.device_id for event in events})
    yield from devices.values_list("dwelling_id", flat=True)
    yield from (getattr(event, "from_dwelling_id", None) for event in events)


def _stated(events: Sequence[DwellingsUsed]) -> Iterable[int | None]:
    return (pk for event in events for pk in event.dwelling_ids)


OF_ALARMS = Subject(
    "alarms",
    {
        happened.AlarmRaised: _with_alarms,
        happened.AlarmClosed: _with_alarms,
        happened.AlarmMoved: _with_alarms,
    },
)
OF_DEVICES = Subject(
    "devices",
    {
        happened.DeviceInstalled: _with_devices,
        happened.DeviceChanged: _with_devices,
        happened.DeviceMoved: _with_devices,
        happened.DeviceRetired: _with_devices,
        happened.DeviceWentOffline: _with_devices,
        happened.DeviceCameOnline: _with_devices,
    },
)
OF_USE = Subject("use", {DwellingsUsed: _stated})


def _worst_alarm(homes: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    alarms = visible(Alarm.objects.open(), to=scope).filter(dwelling__in=homes)
    return alarms.values("dwelling_id").annotate(worst=Min("severity")).values_list("dwelling_id", "worst")


def _use(homes: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return homes.exclude(use=Dwelling.Use.UNKNOWN).values_list("pk", "use")


def _device_states(homes: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    devices = visible(Device.objects.standing(), to=scope).filter(dwelling__in=homes)
    of_home = devices.values("dwelling_id").annotate(
        all=Count("pk"), silent=Count("pk", filter=Q(state=Device.State.OFFLINE))
    )
    states = Case(
        When(silent=0, then=Value("online")),
        When(silent=F("all"), then=Value("offline")),
        default=Value("some"),
    )
    return of_home.annotate(states=states).values_list("dwelling_id", "states")


def _detector(homes: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    here = visible(Device.objects.standing(), to=scope).filter(dwelling=OuterRef("pk"), kind__code=SMOKE)
    detector = Case(
        When(Exists(here.filter(state=Device.State.ONLINE)), then=Value("online")),
        When(Exists(here), then=Value("offline")),
        default=Value("none"),
    )
    return homes.annotate(detector=detector).values_list("pk", "detector")


register(
    Facade(
        name="alarms",
        title=Text("未结告警", "Open alarms"),
        group=HAPPENINGS,
        about=OF_ALARMS,
        categories=(
            Category("1", Text("特急", "Critical"), SEVERITY[1], Pattern.CROSS),
            Category("2", Text("紧急", "Urgent"), SEVERITY[2], Pattern.STRIPES),
            Category("3", Text("一般", "Ordinary"), SEVERITY[3], Pattern.DOTS),
            Category("4", Text("提示", "Notice"), SEVERITY[4], Pattern.PLAIN),
        ),
        facts=_worst_alarm,
        rest=Text("没有未结告警", "No open alarm"),
    ),
    Facade(
        name="use",
        title=Text("户室用途", "Use of homes"),
        group=HOMES,
        about=OF_USE,
        categories=(
            Category(Dwelling.Use.OWN, Text("自住", "Owner lives there"), SKY, Pattern.PLAIN),
            Category(Dwelling.Use.LET, Text("出租", "Let"), AMBER, Pattern.STRIPES),
            Category(Dwelling.Use.VACANT, Text("空置", "Vacant"), STEEL, Pattern.BARS),
            Category(Dwelling.Use.BUSINESS, Text("商用", "Business"), ROSE, Pattern.CROSS),
            Category(Dwelling.Use.GUEST_HOUSE, Text("民宿", "Guest house"), SAND, Pattern.DOTS),
            Category(Dwelling.Use.SHARED, Text("共用空间", "Shared space"), GREEN, Pattern.RINGS),
        ),
        facts=_use,
        rest=Text("未登记", "Not registered"),
    ),
    Facade(
        name="devices",
        title=Text("设备在线", "Devices online"),
        group=DEVICES,
        about=OF_DEVICES,
        categories=(
            Category("online", Text("全部在线", "All online"), GREEN, Pattern.PLAIN),
            Category("some", Text("部分离线", "Some offline"), AMBER, Pattern.STRIPES),
            Category("offline", Text("全部离线", "All offline"), ROSE, Pattern.CROSS),
        ),
        facts=_device_states,
        rest=Text("没有设备", "No device"),
    ),
    Facade(
        name="detectors",
        title=Text("独立烟感", "Smoke detectors"),
        group=DEVICES,
        about=OF_DEVICES,
        categories=(
            Category("online", Text("有烟感，在线", "Detector, online"), GREEN, Pattern.PLAIN),
            Category("offline", Text("有烟感，离线", "Detector, offline"), AMBER, Pattern.STRIPES),
            Category("none", Text("没有烟感", "No detector"), ROSE, Pattern.DOTS),
        ),
        facts=_detector,
        rest=Text("不详", "Unknown"),
    ),
)  # fmt: skip
