from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from twin.base.errors import TwinError
from twin.places.models import Community
from twin.points.actions import publish_starter_rules
from twin.points.starter_rules import SETS


class Command(BaseCommand):
    help = "Give a community the rules, bands and rewards of a starter set; what it has already is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("community", help="its name")
        parser.add_argument("--set", dest="chosen", choices=sorted(SETS), default="towers")

    def handle(self, *args: Any, **options: Any) -> None:
        community = Community.objects.filter(name=options["community"]).first()
        if community is None:
            raise CommandError(f"There is no community {options['community']}.")
        try:
            rules = publish_starter_rules(community=community, chosen=options["chosen"])
        except TwinError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{community}: {len(rules)} rules published")
