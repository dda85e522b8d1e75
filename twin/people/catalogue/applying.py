"""Carrying a plan out: one transaction, all of it or nothing. What is not in the file stays as it is."""

from __future__ import annotations

from typing import Any

from django.db import connection

from twin.accounts.models import User
from twin.base.runs import Progress, silent
from twin.base.verbs import verb
from twin.people.actions.tags import add_tag, add_tag_class, change_tag, change_tag_class
from twin.people.catalogue.classes import Node
from twin.people.catalogue.plan import CataloguePlan
from twin.people.catalogue.rows import CatalogueRow, Verdict
from twin.people.models import Tag, TagClass
from twin.places.models import Community

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('tag_catalogue', %s))"
TOLD_EVERY = 50


def one_at_a_time(community_id: int) -> None:
    """Wait until no other catalogue of this community is being applied. Inside a verb only."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [community_id])


@verb
def write_plan(*, plan: CataloguePlan, by: User | None = None, progress: Progress = silent) -> None:
    """Write what the plan says; the ids of what was written go into its rows.

    Raises Conflict where the database knows better, for example of a change meanwhile: then nothing is written.
    """
    classes = {node.code: _written(plan.community, node) for node in plan.classes}
    for at, row in enumerate(plan.rows):
        if at % TOLD_EVERY == 0:
            progress("create", at, len(plan.rows))
        node = plan.of_class.get(at)
        if node is None or row.verdict not in (Verdict.CREATE, Verdict.CHANGE):
            continue
        tag_class = classes.get(node.code) or node.there
        assert tag_class is not None  # it stood before, or was written above
        row.about_id = _write_tag(row, tag_class, by, plan.options.why.strip()).pk


def _written(community: Community, node: Node) -> TagClass:
    """The class, with its parent, which is written already."""
    parent = node.parent.there if node.parent else None
    if node.there is None:
        said: dict[str, Any] = {name: value for name, value in node.said.items() if name != "name"}
        node.there = add_tag_class(
            community=community, code=node.code, name=node.said["name"], parent=parent, **said
        )
    else:
        node.there = change_tag_class(tag_class=node.there, parent=parent, **node.said)
    if node.row is not None:
        node.row.about_id = node.there.pk
    return node.there


def _write_tag(row: CatalogueRow, tag_class: TagClass, by: User | None, why: str) -> Tag:
    said = {name: now for name, (_then, now) in row.changes.items() if name != "tag_class"}
    if row.verdict == Verdict.CREATE:
        return add_tag(tag_class=tag_class, code=row.code, **said)
    if "tag_class" in row.changes:
        said["tag_class"] = tag_class
    assert row.about_id is not None  # what changes was there
    return change_tag(tag=Tag.objects.get(pk=row.about_id), by=by, why=why, **said)
