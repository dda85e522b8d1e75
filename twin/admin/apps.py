from django.apps import AppConfig


class AdminConfig(AppConfig):
    name = "twin.admin"
    label = "back_office"
