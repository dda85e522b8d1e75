from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BaseConfig(AppConfig):
    name = "twin.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        canary = import_module("twin.base.canary")
        post_migrate.connect(canary.sing, sender=self)
