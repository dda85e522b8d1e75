from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.places.models.building import Building, Dwelling
from twin.places.models.community import Community
from twin.places.models.compound import Compound
from twin.places.querysets import AddressAliasQuerySet

LONGEST_TEXT = 200


class AddressAlias(Stamped):
    """What a clerk has decided that people mean by a name or an address. It is never changed: it ends, and another begins,
    so that the rows are the history of who decided what."""

    class Covers(models.TextChoices):
        """ADDRESS: this address as a whole. NAME: the name, with a building's number if one is given, in any address."""

        ADDRESS = "address", _("this address")
        NAME = "name", _("a name in any address")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    covers = models.CharField(_("covers"), max_length=7, choices=Covers)
    text = models.CharField(
        _("text"), max_length=LONGEST_TEXT, help_text=_("As compared: half-width, without blanks")
    )
    number = models.CharField(
        _("building's number"),
        max_length=20,
        blank=True,
        help_text=_("With which number the name means this building"),
    )
    source = models.CharField(
        _("source"), max_length=80, blank=True, help_text=_("Only in rosters of this name; empty: everywhere")
    )
    compound = models.ForeignKey(
        Compound, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("compound")
    )
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("building")
    )
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("dwelling")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("ended by"), editable=False,
    )  # fmt: skip

    objects = AddressAliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("address alias")
        verbose_name_plural = _("address aliases")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "source", "covers", "text", "number"],
                condition=Q(ended_at=None),
                name="an_alias_means_one_place_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(covers="address", dwelling__isnull=False, building=None, compound=None, number="")
                | Q(covers="name", dwelling=None, building__isnull=False, compound=None)
                | Q(covers="name", dwelling=None, building=None, compound__isnull=False, number=""),
                name="an_alias_covers_what_it_names",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}{self.number}"
