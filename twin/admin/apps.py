from importlib import import_module

from django.apps import AppConfig

PAGES = (
    "cutting",
    "places",
    "imports.pages",
    "imports.roster_pages",
    "imports.catalogue_pages",
    "addresses",
    "people",
    "people_care",
    "invitations",
    "rosters",
    "tags",
    "devices",
    "patrol",
    "points",
    "points_ledger",
    "points_shop",
    "points_votes",
    "reports",
    "access",
)


class AdminConfig(AppConfig):
    name = "twin.admin"
    label = "back_office"

    def ready(self) -> None:
        for page in PAGES:  # each registers itself by being imported
            import_module(f"twin.admin.{page}")
