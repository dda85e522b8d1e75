from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "twin.points"
    label = "points"
    verbose_name = _("Civic points")
    default_auto_field = "django.db.models.BigAutoField"
