"""Reading all names again: what finds a name is kept beside it, as it was read on the day it was written."""

from __future__ import annotations

from twin.base.verbs import verb
from twin.people.models import Person
from twin.people.readings import words_of

AT_ONCE = 5_000


@verb
def reread_names(*, after: int = 0) -> tuple[int, int | None]:
    """Read the names of the next 5 000 people whose id is above `after`. How many of them are read differently now, and
    the last id; None where nobody is left. Nothing is emitted: nobody's name has changed."""
    rows = Person.objects.filter(pk__gt=after).only("name", "name_words").order_by("pk")
    people = list(rows.select_for_update(no_key=True)[:AT_ONCE])
    changed = []
    for person in people:
        words = words_of(person.name)
        if words != person.name_words:
            person.name_words = words
            changed.append(person)
    Person.objects.bulk_update(changed, ["name_words"], batch_size=1_000)
    return len(changed), people[-1].pk if people else None
