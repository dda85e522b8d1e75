from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.querysets import CommunitySettingQuerySet
from twin.places.models import Community


class PrivacyRule(Stamped):
    """What a community has agreed on looking at people: when many looks are noticed, and how often is searched by digits."""

    community = models.OneToOneField(
        Community, on_delete=models.PROTECT, related_name="privacy_rule", verbose_name=_("community")
    )
    views_before_notice = models.PositiveIntegerField(
        _("views before a notice"),
        default=60,
        help_text=_("Different households and people that one user opens; the auditor is told of more"),
    )
    views_within = models.DurationField(_("within"), default=timedelta(hours=1))
    digit_searches_per_minute = models.PositiveIntegerField(
        _("searches by last digits per minute"), default=10
    )

    objects = CommunitySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy rule")
        verbose_name_plural = _("privacy rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(views_before_notice__gte=1, views_within__gt=timedelta(0)),
                name="a_notice_comes_after_some_views",
                violation_error_message=_("A notice comes after at least one view in some time."),
            )
        ]

    def __str__(self) -> str:
        return str(self.community)
