from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "layers.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from layers.live import streams  # noqa: F401  (declares all streams)
        from layers.live.listeners import listen_to_all

        listen_to_all()
