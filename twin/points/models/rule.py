from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.places.models import Community
from twin.points.periods import Period
from twin.points.querysets import AgreedQuerySet, RuleQuerySet, RuleVersionQuerySet


class RuleClass(Stamped):
    """What a rule is about (积分类别): safety, neighbours, care for elders, …"""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=40, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("class of rules")
        verbose_name_plural = _("classes of rules")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=Q(ended_at=None),
                name="rule_class_code_is_unique",
                violation_error_message=_("There is a class of rules with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Rule(Stamped):
    """Something that is worth points, or costs them (积分规则). What exactly it says is in its versions."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    code = models.SlugField(_("code"), max_length=40)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("points rule")
        verbose_name_plural = _("points rules")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=Q(ended_at=None),
                name="civic_rule_code_is_unique",
                violation_error_message=_("There is a rule with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class RuleVersion(Stamped):
    """What a rule says from a moment on, until its next version. Never changed: a trigger refuses it.

    `least` to `most` points, both above zero or both below; equal where nothing is to be decided. The caps are the most that
    counts for one household in one period, by the time of the deed.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions", verbose_name=_("rule"))
    number = models.PositiveIntegerField(_("version"))
    valid_from = models.DateTimeField(_("valid from"))
    kind = models.ForeignKey(RuleClass, on_delete=models.PROTECT, verbose_name=_("class"))
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    description = models.CharField(_("description"), max_length=400, blank=True)
    least = models.SmallIntegerField(_("points, at least"))
    most = models.SmallIntegerField(_("points, at most"))
    needs_audit = models.BooleanField(_("needs audit"), default=True)
    needs_photo = models.BooleanField(_("claims need a photo"), default=False)
    cap_times = models.PositiveSmallIntegerField(_("counts at most so often"), null=True, blank=True)
    cap_points = models.PositiveSmallIntegerField(_("gives at most so many points"), null=True, blank=True)
    cap_period = models.CharField(_("in one"), max_length=7, choices=Period, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("published by"),
    )

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_versions_are_numbered"),
            models.UniqueConstraint(fields=["rule", "valid_from"], name="one_version_at_a_time"),
            models.CheckConstraint(
                condition=Q(least__gt=0, most__gte=F("least"), most__lte=1000)
                | Q(most__lt=0, least__lte=F("most"), least__gte=-1000),
                name="rule_points_are_all_plus_or_all_minus",
                violation_error_message=_(
                    "The points are 1 to 1000 or -1000 to -1, the least before the most."
                ),
            ),
            models.CheckConstraint(
                condition=Q(needs_audit=True) | Q(least=F("most"), least__gt=0),
                name="a_range_and_a_breach_need_an_audit",
                violation_error_message=_("Only a fixed number of points above zero does without an audit."),
            ),
            models.CheckConstraint(
                condition=Q(cap_period="", cap_times=None, cap_points=None)
                | (
                    ~Q(cap_period="")
                    & (Q(cap_times__isnull=False) | Q(cap_points__isnull=False))
                    & (Q(cap_times=None) | Q(cap_times__gte=1))
                    & (Q(cap_points=None) | Q(cap_points__gte=1))
                ),
                name="a_cap_has_a_period",
                violation_error_message=_("A cap is a number of times or points in a period."),
            ),
            models.CheckConstraint(
                condition=Q(cap_points=None) | Q(cap_points__gte=F("least")) & Q(cap_points__gte=-F("most")),
                name="a_cap_lets_one_deed_count",
                violation_error_message=_("The cap is lower than the points of a single deed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_breach(self) -> bool:
        return self.most < 0

    @property
    def fixed(self) -> int | None:
        """The points where there is nothing to decide, else None."""
        return self.least if self.least == self.most else None
