from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "twin.ingest"
    label = "ingest"
