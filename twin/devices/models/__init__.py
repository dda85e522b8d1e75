"""What measures and what it says: device kinds and their rules, devices, readings, alarms."""

from twin.devices.models.alarm import NEXT, Alarm
from twin.devices.models.device import Device
from twin.devices.models.kind import AlarmRule, DeviceKind
from twin.devices.models.reading import Reading

__all__ = ["NEXT", "Alarm", "AlarmRule", "Device", "DeviceKind", "Reading"]
