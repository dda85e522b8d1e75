from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from twin.places.models import Community
from twin.points.models import Account, Entry
from twin.points.proving import prove


class Command(BaseCommand):
    help = "Prove that every ledger adds up to its balance; says what does not hold, and fails."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for community in Community.objects.order_by("id"):
            faults = prove(community)
            for fault in faults:
                whose = f"household {fault.household_id}: " if fault.household_id else ""
                self.stderr.write(f"{community}: {fault.what}: {whose}{fault.found}")
            wrong += len(faults)
            entries = Entry.objects.filter(community=community)
            accounts = Account.objects.filter(community=community).count()
            self.stdout.write(
                f"{community}: {entries.count()} entries of {accounts} households, {entries.total()} points, "
                f"{len(faults)} faults"
            )
        if wrong:
            raise CommandError(f"{wrong} faults")
