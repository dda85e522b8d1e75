"""A process that is killed in the middle of a roster has written nothing, and the next one does all of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.people.roster.conftest import HEADER, xlsx
from tests.waiting import until
from twin.people.models import Household, Person, Residence, RosterRun
from twin.places.models import Building, Community

ROOT = Path(__file__).parents[3]
ROWS = [
    (str(n), "示" + "一二三四五六"[n], "户主", "", "", "", f"船厂大院1栋1单元{n + 1}01") for n in range(6)
]


def begin_import(path: Path, community: Community) -> subprocess.Popen[bytes]:
    """The command, on the database of this test."""
    name = connection.settings_dict["NAME"]
    url = os.environ["TWIN_DATABASE_URL"]
    own = (
        re.sub(r"@/[^/?]*", f"@/{name}", url)
        if "@/" in url
        else re.sub(r"^(\w+://[^/]+)/[^?]*", rf"\1/{name}", url)
    )
    command = [sys.executable, "manage.py", "import_roster", str(path), "--community", str(community.pk)]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "TWIN_DATABASE_URL": own}, stdout=subprocess.DEVNULL
    )


def somebody_waits_for_residences() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'people_residence'::regclass")
        return cursor.fetchone() is not None


@pytest.mark.django_db(transaction=True)
def test_a_roster_whose_process_was_killed_in_the_middle_left_nothing(
    community: Community, yard: list[Building], tmp_path: Path
) -> None:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(xlsx(HEADER, *ROWS))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "LOCK TABLE people_residence IN EXCLUSIVE MODE"
            )  # people are in by then, residences are not
        with begin_import(path, community) as killed:
            until(somebody_waits_for_residences, "people are in, and residences wait")
            killed.kill()
    assert killed.returncode == -9
    assert not (Person.objects.exists())
    assert not (Household.objects.exists())
    assert not (RosterRun.objects.exists())
    with begin_import(path, community) as again:
        assert again.wait() == 0
    assert (Person.objects.count(), Residence.objects.current().count()) == (6, 6)
