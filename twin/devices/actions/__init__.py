"""The verbs of the room: the only code that writes devices, readings and alarms."""

from twin.devices.actions.alarms import clear_alarm, raise_alarm
from twin.devices.actions.devices import change_device, install_device, move_device, retire_device
from twin.devices.actions.handling import acknowledge, close
from twin.devices.actions.kinds import add_kind, add_rule, add_starter_kinds, change_rule, end_rule
from twin.devices.actions.partitions import ensure_partitions, forget_readings
from twin.devices.actions.readings import NewReading, Recorded, record_readings
from twin.devices.actions.silence import go_on_listening, mark_silent_devices

__all__ = [
    "NewReading",
    "Recorded",
    "acknowledge",
    "add_kind",
    "add_rule",
    "add_starter_kinds",
    "change_device",
    "change_rule",
    "clear_alarm",
    "close",
    "end_rule",
    "ensure_partitions",
    "forget_readings",
    "go_on_listening",
    "install_device",
    "mark_silent_devices",
    "move_device",
    "raise_alarm",
    "record_readings",
    "retire_device",
]
