from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "twin.demo"
    label = "demo"
