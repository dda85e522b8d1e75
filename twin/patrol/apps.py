from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolConfig(AppConfig):
    name = "twin.patrol"
    label = "patrol"
    verbose_name = _("Patrol")
    default_auto_field = "django.db.models.BigAutoField"
