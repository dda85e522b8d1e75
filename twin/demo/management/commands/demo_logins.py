from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from twin.people.actions import invite_resident
from twin.people.models import Household, Residence
from twin.points.models import Account


class Command(BaseCommand):
    help = "Print the demo's log-ins, and a fresh code for one of its residents."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            self.stdout.write("This is no demo: there are no log-ins that everybody knows.")
            return
        for username, role in settings.DEMO_USERS.items():
            self.stdout.write(f"  {username:8} {settings.DEMO_PASSWORD}   {role['zh']} · {role['en']}")
        code = code_of_a_resident()
        if code:
            self.stdout.write(f"  /r/      {code}   居民 · resident's phone; the code works once")


ENOUGH_TO_SPEND = 30


def code_of_a_resident() -> str:
    """For the head of a household with points to spend, always the same one; empty where nobody has any."""
    rich = Account.objects.filter(balance__gte=ENOUGH_TO_SPEND, household__ended_at=None).values("household")
    heads = Residence.objects.current().actual().filter(household__in=rich, role=Residence.Role.HEAD)
    head = heads.select_related("person").order_by("household").first()
    if head is None or head.household_id is None:
        return ""
    household = Household.objects.get(pk=head.household_id)
    code = invite_resident(household=household, person=head.person, by=None).code
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))
