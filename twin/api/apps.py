from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "twin.api"
    label = "api"

    def ready(self) -> None:
        from twin.api import schema  # noqa: F401  (registers itself by being imported)
