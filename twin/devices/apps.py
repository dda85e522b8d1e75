from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    name = "twin.devices"
    label = "devices"
    verbose_name = _("Devices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("twin.devices.actions.following")  # these listen
        import_module("twin.devices.actions.rehoming")
        import_module("twin.devices.actions.ending")
        import_module("twin.devices.ties")
        partitions = import_module("twin.devices.actions.partitions")
        post_migrate.connect(partitions.after_migrate, sender=self)
