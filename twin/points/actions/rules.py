"""Rules: published version by version, ended, and begun with from the starter sets. Nothing is ever rewritten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from twin.access.actions import record
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.models import Community
from twin.points.actions.refusals import said_why
from twin.points.actions.rewards import add_reward
from twin.points.actions.rights import demand_runner
from twin.points.actions.scheme import NewBand, agree_on_bands
from twin.points.events import RuleEnded, RulePublished, StarterRulesPublished
from twin.points.models import Band, Reward, Rule, RuleClass, RuleVersion
from twin.points.starter_rules import BANDS, CLASSES, REWARDS, SETS, starter_rules

CLOCKS_DIFFER = timedelta(minutes=5)


@verb
def add_rule_class(
    *, community: Community, code: str, name: str, name_en: str = "", by: User | None
) -> RuleClass:
    demand_runner(by, community)
    with said_why():
        return RuleClass.objects.create(community=community, code=code, name=name, name_en=name_en)


@verb
def publish_rule(
    *,
    community: Community,
    code: str,
    kind: RuleClass,
    name: str,
    least: int,
    most: int,
    by: User | None,
    valid_from: datetime | None = None,
    **terms: Any,
) -> RuleVersion:
    """Say what a rule says from a moment on (UTC, default now): a new rule, or the next version of the one there is.

    Deeds done before keep the version that was in force then, also where they are audited later. Only a rule's first version
    may begin in the past. Raises Invalid for a class of another community, a later version that would, and terms that do
    not fit together.
    """
    demand_runner(by, community)
    if kind.community_id != community.pk:
        raise Invalid("There is no such class in this community.", where="kind")
    now = timezone.now()
    rule, last = _held_rule(community, code)
    begins = valid_from or now
    if last is not None and begins < now - CLOCKS_DIFFER:
        raise Invalid("A new version begins now or later.", where="valid_from", code="begins_in_the_past")
    if last is not None and begins <= last.valid_from:
        raise Conflict(
            "There is a version from %(moment)s UTC already; begin later.",
            moment=f"{last.valid_from:%Y-%m-%d %H:%M}",
            where="valid_from",
            code="begins_before_the_last",
        )
    with said_why():
        version = RuleVersion.objects.create(
            community=community,
            rule=rule,
            number=last.number + 1 if last else 1,
            valid_from=begins,
            kind=kind,
            name=name,
            least=least,
            most=most,
            published_by=by,
            **terms,
        )
    record(by=by, action="points.publish_rule", community=community, subject=version)
    emit(RulePublished(community_id=community.pk, rule_id=rule.pk, version_id=version.pk))
    return version


@verb
def end_rule(*, rule: Rule, by: User | None) -> None:
    """The rule is in force no more; deeds done before can still be claimed."""
    demand_runner(by, rule.community)
    if not Rule.objects.in_force().filter(pk=rule.pk).update(ended_at=timezone.now()):
        raise Conflict("%(what)s has ended already.", what=rule)
    record(by=by, action="points.end_rule", community=rule.community, subject=rule)
    emit(RuleEnded(community_id=rule.community_id, rule_id=rule.pk))


@verb
def publish_starter_rules(
    *,
    community: Community,
    chosen: str = "towers",
    valid_from: datetime | None = None,
    by: User | None = None,
) -> list[Rule]:
    """Begin with a starter set: classes, rules, bands and rewards. What the community has already is left as it is.

    Raises Invalid for a set that there is not.
    """
    if chosen not in SETS:
        raise Invalid("There are the sets %(names)s.", names=list(SETS), where="chosen")
    known = {kind.code: kind for kind in RuleClass.objects.in_force().filter(community=community)}
    for code, name, name_en in CLASSES:
        if code not in known:
            known[code] = add_rule_class(community=community, code=code, name=name, name_en=name_en, by=by)
    has = set(Rule.objects.in_force().filter(community=community).values_list("code", flat=True))
    rules = [
        publish_rule(
            community=community,
            code=starter.code,
            kind=known[starter.kind],
            valid_from=valid_from,
            by=by,
            **starter.terms,
        ).rule
        for starter in starter_rules(chosen)
        if starter.code not in has
    ]
    _begin_shop(community, by)
    emit(StarterRulesPublished(community_id=community.pk, rule_ids=tuple(rule.pk for rule in rules)))
    return rules


def _held_rule(community: Community, code: str) -> tuple[Rule, RuleVersion | None]:
    """The rule with this code, held, and its last version; a new one if there is none."""
    held = Rule.objects.in_force().select_for_update(no_key=True)
    rule = held.filter(community=community, code=code).first()
    if rule is None:
        with said_why():
            return Rule.objects.create(community=community, code=code), None
    return rule, rule.versions.order_by("number").last()


def _begin_shop(community: Community, by: User | None) -> None:
    if not Band.objects.in_force().filter(community=community).exists():
        agree_on_bands(community=community, bands=[NewBand(*band) for band in BANDS], by=by)
    has = set(Reward.objects.in_force().filter(community=community).values_list("code", flat=True))
    for code, name, name_en, price, stock in REWARDS:
        if code not in has:
            add_reward(
                community=community, code=code, name=name, name_en=name_en, price=price, stock=stock, by=by
            )
