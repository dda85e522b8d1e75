from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "layers"
    label = "layers"

    def ready(self) -> None:
        from layers import catalog  # noqa: F401  (declares all layers and facade modes)
