"""What happens: devices, alarms and patrols. Facts are GRANTED, so they come live and as features, never in tiles."""

from django.db.models import F

from layers.layer import Audience, Entry, Layer, Shape, Text
from layers.registry import register
from twin.devices.models import Alarm, Device
from twin.patrol.models import Shift

SEVERITY = {1: "#ff3b4e", 2: "#ff8a3d", 3: "#ffd23d", 4: "#7fb7ff"}

register(
    Layer(
        name="devices",
        title=Text("设备", "Devices"),
        group="live",
        shape=Shape.POINT,
        rows=Device.objects.standing,
        geometry="position",
        audience=Audience.GRANTED,
        properties={"name": "name", "device_kind": F("kind__code"), "state": "state", "height_m": "height_m"},
        stream="devices",
        visible=False,
        legend=(
            Entry(Text("在线", "Online"), "#3ddc97", "circle"),
            Entry(Text("离线", "Offline"), "#8a94a6", "ring"),
        ),
    )
)

register(
    Layer(
        name="patrol",
        title=Text("巡查人员", "Patrols"),
        group="live",
        shape=Shape.POINT,
        rows=lambda: Shift.objects.open().filter(last_position__isnull=False),
        geometry="last_position",
        audience=Audience.GRANTED,
        properties={"worker_name": F("worker__name"), "since": F("started_at"), "last_at": "last_at"},
        stream="patrol",
        legend=(Entry(Text("在岗网格员", "Worker on shift"), "#2ff3c4", "circle"),),
    )
)

register(
    Layer(
        name="alarms",
        title=Text("告警", "Alarms"),
        group="live",
        shape=Shape.POINT,
        rows=Alarm.objects.open,
        geometry="position",
        audience=Audience.GRANTED,
        properties={
            "rule_code": F("rule__code"),
            "severity": "severity",
            "condition": "condition",
            "handling": "handling",
            "count": "count",
            "first_at": "first_at",
            "height_m": "height_m",
        },
        stream="alarms",
        legend=(
            Entry(Text("特急", "Critical"), SEVERITY[1], "diamond"),
            Entry(Text("紧急", "Urgent"), SEVERITY[2], "triangle"),
            Entry(Text("一般", "Ordinary"), SEVERITY[3], "square"),
            Entry(Text("提示", "Notice"), SEVERITY[4], "circle"),
        ),
    )
)
