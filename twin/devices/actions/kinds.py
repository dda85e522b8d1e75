from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from twin.base.errors import Conflict
from twin.base.verbs import verb
from twin.devices.models import AlarmRule, DeviceKind
from twin.devices.starter_kinds import STARTER_KINDS, StarterKind
from twin.places.models import Community


@verb
def add_kind(
    *,
    community: Community,
    code: str,
    name: str,
    name_en: str = "",
    icon: str = "",
    offline_after: timedelta | None = None,
) -> DeviceKind:
    return DeviceKind.objects.create(
        community=community, code=code, name=name, name_en=name_en, icon=icon, offline_after=offline_after
    )


@verb
def add_rule(
    *, kind: DeviceKind, code: str, title: str, severity: int, trigger: str, **said: Any
) -> AlarmRule:
    """When devices of a kind raise an alarm. Raises IntegrityError `alarm_rule_says_what_triggers_it` for half a rule."""
    return AlarmRule.objects.create(
        community_id=kind.community_id,
        kind=kind,
        code=code,
        title=title,
        severity=severity,
        trigger=trigger,
        **said,
    )


@verb
def change_rule(*, rule: AlarmRule, **changes: Any) -> AlarmRule:
    """Change a rule from now on. Alarms that it has raised keep the severity they were raised with."""
    for field, value in changes.items():
        setattr(rule, field, value)
    rule.save(update_fields=list(changes))
    return rule


@verb
def end_rule(*, rule: AlarmRule) -> None:
    """The rule raises no more alarms; those that it has raised stay."""
    if not AlarmRule.objects.in_force().filter(pk=rule.pk).update(ended_at=timezone.now()):
        raise Conflict("%(what)s has ended already.", what=rule)


@verb
def add_starter_kinds(*, community: Community) -> dict[str, DeviceKind]:
    """The kinds and rules that a community begins with, by code; what it has already is left as it is."""
    known = {kind.code: kind for kind in DeviceKind.objects.in_force().filter(community=community)}
    for starter in STARTER_KINDS:
        if starter.code not in known:
            known[starter.code] = _add_starter(community, starter)
    return known


def _add_starter(community: Community, starter: StarterKind) -> DeviceKind:
    kind = add_kind(
        community=community,
        code=starter.code,
        name=starter.name,
        name_en=starter.name_en,
        icon=starter.code,
        offline_after=starter.offline_after,
    )
    for rule in starter.rules:
        add_rule(kind=kind, **rule)
    return kind
