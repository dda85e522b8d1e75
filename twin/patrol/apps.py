from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolConfig(AppConfig):
    name = "twin.patrol"
    label = "patrol"
    verbose_name = _("Patrol")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("twin.patrol.following")  # it listens
