"""Reports that offices ask for again and again, to begin with: saved, shared and changed like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.accounts.models import User
from twin.people.models import Tag
from twin.places.models import Community
from twin.reports.actions import save_form
from twin.reports.asking import Asked, FiltersAsked, TagsAsked
from twin.reports.models import ReportForm

EVERYWHERE = {"kind": "community"}
HOME = ("grid", "compound", "building", "unit", "room")


@dataclass(frozen=True, slots=True)
class StarterForm:
    name: str
    asked: Asked


def starter_forms(tags: dict[str, int]) -> Iterator[StarterForm]:
    """`tags`: ids by code, of the tags that the community has."""
    yield StarterForm(
        "高龄老人花名册",
        Asked(
            "person", EVERYWHERE,
            (*HOME, "name", "sex", "age", "phone", "contacts", "size", "tags"),
            filters=FiltersAsked(age_from=80, states=("together", "lives_here")), order="-age",
        ),
    )  # fmt: skip
    yield StarterForm(
        "租住户登记",
        Asked(
            "person", EVERYWHERE,
            (*HOME, "name", "sex", "age_band", "phone", "identity", "since", "household_kind", "dwelling_tags"),
            filters=FiltersAsked(tenures=("rent",), states=("lives_here", "together")),
        ),
    )  # fmt: skip
    yield StarterForm(
        "网格人口一览",
        Asked(
            "household", EVERYWHERE,
            ("grid", "address", "head", "residence_kind", "actual", "registered", "elders", "aged", "children",
             "household_tags", "member_tags", "points", "band", "open_alarms"),
        ),
    )  # fmt: skip
    if "elder_alone" in tags:
        yield StarterForm(
            "独居老人走访表",
            Asked(
                "person", EVERYWHERE, ("grid", "address", "name", "age", "phone", "contacts", "tags", "open_alarms"),
                tags=TagsAsked(any=(tags["elder_alone"],)),
            ),
        )  # fmt: skip


def save_starter_forms(*, community: Community, by: User) -> list[ReportForm]:
    """Save them, shared, as this user's: each by its verb. Raises like `save_form`."""
    rows = Tag.objects.in_force().filter(community=community).values_list("code", "pk")
    return [
        save_form(community=community, name=form.name, asked=form.asked, by=by, shared=True)
        for form in starter_forms(dict(rows))
    ]
