"""Saving reports under a name, and noting which were looked at and taken out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from twin.access.actions import ToldOf, record
from twin.access.roles import MAY_EDIT_PEOPLE
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import emit
from twin.base.verbs import verb
from twin.people.actions import note_list
from twin.people.models import Household, Person
from twin.places.models import Community
from twin.reports.asking import Asked, Question, question_of
from twin.reports.events import FormChanged, FormEnded, FormSaved
from twin.reports.models import ReportForm
from twin.reports.telling import Counted, Told

MOST_FORMS = 200
"""Of one owner in one community."""


@verb
def save_form(*, community: Community, name: str, asked: Asked, by: User, shared: bool = False) -> ReportForm:
    """Keep a report under a name. It has to be one that its owner may run: raises like `question_of`.

    Raises Conflict for a name that the owner uses already, and for more than 200 of them.
    """
    question_of(asked, community, scope_of(by))
    if ReportForm.objects.standing().filter(community=community, owner=by).count() >= MOST_FORMS:
        raise Conflict("You have %(most)d saved reports already: end one first.", most=MOST_FORMS)
    with _name_is_new():
        form = ReportForm.objects.create(
            community=community, owner=by, name=_named(name), shared=shared, question=asked.as_json()
        )
    record(by=by, action="report.save", community=community, subject=form, detail={"shared": shared})
    emit(FormSaved(community_id=community.pk, form_id=form.pk))
    return form


@verb
def change_form(
    *,
    form: ReportForm,
    by: User,
    name: str | None = None,
    asked: Asked | None = None,
    shared: bool | None = None,
) -> ReportForm:
    """Change what is said of it; None leaves it as it is. Raises NotVisible for anybody but its owner."""
    _demand_owner(form, by)
    if asked is not None:
        question_of(asked, form.community, scope_of(by))
        form.question = asked.as_json()
    if name is not None:
        form.name = _named(name)
    if shared is not None:
        form.shared = shared
    with _name_is_new():
        form.save(update_fields=["name", "shared", "question", "changed_at"])
    record(
        by=by, action="report.change", community=form.community, subject=form, detail={"shared": form.shared}
    )
    emit(FormChanged(community_id=form.community_id, form_id=form.pk))
    return form


@verb
def end_form(*, form: ReportForm, by: User) -> None:
    """It is no longer offered. Raises NotVisible for anybody but its owner and, of a shared one, who may edit all people of
    the community; Conflict if it has ended already."""
    if not (form.shared and form.community_id in scope_of(by).whole_of(MAY_EDIT_PEOPLE)):
        _demand_owner(form, by)
    if not ReportForm.objects.standing().filter(pk=form.pk).update(ended_at=timezone.now()):
        raise Conflict("This saved report has ended already.")
    record(by=by, action="report.end", community=form.community, subject=form)
    emit(FormEnded(community_id=form.community_id, form_id=form.pk))


@verb
def note_report(
    *, question: Question, by: User, action: str, counted: Counted, told: Told, **more: Any
) -> None:
    """Tell the audit who asked what, and of whom it told: the rows that left the server this time."""
    detail = {
        "of": question.of,
        "area": question.area.noted,
        "fields": [field.id for field in question.fields],
        "tags": {name: [tag.pk for tag in tags] for name, tags in question.tags.items() if tags},
        "filters": {
            name: value for name, value in asdict(question.filters).items() if value not in (None, ())
        },
        "rows": counted.rows,
        "households": counted.households,
        "people": counted.people,
        **more,
    }
    told_of: ToldOf = {Household: told.households, Person: told.people}
    note_list(
        by=by,
        action=action,
        community=question.community,
        shown=told.rows,
        detail=detail,
        told_of=told_of,
    )


def _demand_owner(form: ReportForm, by: User) -> None:
    if form.owner_id != by.pk:
        raise NotVisible("There is nothing here for you.")


def _named(name: str) -> str:
    named = " ".join(name.split())
    if not 1 <= len(named) <= 60:
        raise Invalid("Give it a name of 1 to 60 characters.", where="name")
    return named


@contextmanager
def _name_is_new() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict("You have a report with this name already.", where="name") from error
