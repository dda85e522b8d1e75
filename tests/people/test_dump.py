"""A stolen dump of the database tells no identity number and no phone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests.people.conftest import AddPerson
from tests.people.identities import a_number
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.people.actions import (
    NewContact,
    NewOrganisation,
    add_emergency_contacts,
    add_organisations,
    change_person,
    find_by_last_digits,
    reveal,
)
from twin.people.models import Person
from twin.places.models import Dwelling


def pg_dump() -> Path:
    """Debian keeps it beside the server, not on the PATH."""
    found = shutil.which("pg_dump") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_dump")), None)
    assert found, "pg_dump comes with PostgreSQL"
    return Path(found)


def dump() -> str:
    known = connection.settings_dict
    command = [pg_dump(), "--host", known["HOST"], "--username", known["USER"], known["NAME"]]
    port = ["--port", str(known["PORT"])] if known["PORT"] else []
    done = subprocess.run(
        [*command, *port], env={"PGPASSWORD": known["PASSWORD"]}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", errors="replace")


@pytest.mark.django_db(transaction=True)
def test_what_was_planted_is_not_in_a_dump(officer: User, person: AddPerson, flat: Dwelling) -> None:
    numbers = [a_number(serial=11), a_number(serial=13)]
    phones = ["13812345671", "13812345672", "13912345673", "13712345674"]
    someone = person("王小明", identity=numbers[0], phone=phones[0])
    change_person(person=someone, identity=numbers[1], phone=phones[1])
    community = flat.community
    contact = NewContact(someone.pk, "丙", phones[2])
    add_emergency_contacts(community=community, contacts=[contact])
    shop = NewOrganisation(flat, "店", phone=phones[3])
    add_organisations(community=community, organisations=[shop])
    scope = scope_of(officer)
    reveal(by=officer, scope=scope, subject=someone, field="identity", reason="核对证件")
    find_by_last_digits(by=officer, scope=scope, community=community, digits=phones[1][-4:])
    text = dump()
    assert "王小明" in text, "the dump holds the rows"
    assert Person._meta.db_table in text
    for planted in (*numbers, *phones, *(n[-6:] for n in numbers), *(p[-6:] for p in phones)):
        assert planted not in text
        assert planted.encode().hex() not in text
