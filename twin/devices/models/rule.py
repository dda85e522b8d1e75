from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.devices.models.kind import DeviceKind
from twin.devices.querysets import RuleQuerySet
from twin.places.models import Community


class AlarmRule(Stamped):
    """When a device of a kind raises an alarm, and how severe that is (告警规则).

    An event rule is met by the event's name and ends with `clear_event`. A threshold rule is met while the metric compares
    so with the threshold. An offline rule is met by silence and ends with the next reading.
    """

    class Trigger(models.TextChoices):
        EVENT = "event", _("event")
        THRESHOLD = "threshold", _("threshold")
        OFFLINE = "offline", _("silence")

    class Comparison(models.TextChoices):
        BELOW = "lt", "<"
        AT_MOST = "lte", "≤"
        ABOVE = "gt", ">"
        AT_LEAST = "gte", "≥"
        EQUAL = "eq", "="

    class Severity(models.IntegerChoices):
        CRITICAL = 1, _("critical")
        URGENT = 2, _("urgent")
        ORDINARY = 3, _("ordinary")
        NOTICE = 4, _("notice")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    kind = models.ForeignKey(
        DeviceKind, on_delete=models.PROTECT, related_name="rules", verbose_name=_("device kind")
    )
    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=80, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    trigger = models.CharField(_("trigger"), max_length=9, choices=Trigger)
    event = models.CharField(_("event"), max_length=40, blank=True)
    clear_event = models.CharField(_("event that ends it"), max_length=40, blank=True)
    metric = models.CharField(_("metric"), max_length=64, blank=True)
    comparison = models.CharField(_("comparison"), max_length=3, choices=Comparison, blank=True)
    threshold = models.FloatField(_("threshold"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm rule")
        verbose_name_plural = _("alarm rules")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=Q(ended_at=None),
                name="alarm_rule_code_is_unique",
                violation_error_message=_("This kind has a rule with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=4), name="alarm_rule_severity_1_to_4"
            ),
            models.CheckConstraint(
                condition=(Q(trigger="event", metric="", comparison="", threshold=None) & ~Q(event=""))
                | (
                    Q(trigger="threshold", event="", clear_event="", threshold__isnull=False)
                    & ~Q(metric="")
                    & ~Q(comparison="")
                )
                | Q(trigger="offline", event="", clear_event="", metric="", comparison="", threshold=None),
                name="alarm_rule_says_what_triggers_it",
                violation_error_message=_(
                    "An event rule names an event; a threshold rule a metric, a comparison and a threshold."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title
