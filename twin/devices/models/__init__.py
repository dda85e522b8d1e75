"""What measures and what it says: device kinds and their rules, devices, readings, alarms."""

from twin.devices.models.alarm import NEXT, Alarm
from twin.devices.models.device import Device
from twin.devices.models.kind import DeviceKind
from twin.devices.models.listening import Listening
from twin.devices.models.reading import Reading
from twin.devices.models.rule import AlarmRule

__all__ = ["NEXT", "Alarm", "AlarmRule", "Device", "DeviceKind", "Listening", "Reading"]
