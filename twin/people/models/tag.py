from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.querysets import AgreedQuerySet, TagQuerySet
from twin.places.models import Community


class TagClass(Stamped):
    """A class of tags (标签类): identity, service, behaviour, place and safety, and whatever a community puts below them."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("above"),
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#8aa4c8")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag class")
        verbose_name_plural = _("tag classes")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=Q(ended_at=None),
                name="tag_class_code_is_unique",
                violation_error_message=_("There is a tag class with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-f]{6}$"),
                name="tag_class_colour_is_hexadecimal",
                violation_error_message=_("A colour looks like #8aa4c8."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(Stamped):
    """Something that may be said of a person, a household or a dwelling (标签). A fact that somebody answers for, never a
    suspicion.

    L5 is an opaque code: its content is not held here, and the map says no more than "extra care".
    """

    class Level(models.IntegerChoices):
        """Who may be told: L1 anybody on the staff who sees people, up to L5 nobody."""

        L1 = 1, "L1"
        L2 = 2, "L2"
        L3 = 3, "L3"
        L4 = 4, "L4"
        L5 = 5, "L5"

    class Applies(models.TextChoices):
        PERSON = "person", _("person")
        HOUSEHOLD = "household", _("household")
        DWELLING = "dwelling", _("dwelling")

    class Pattern(models.TextChoices):
        """Told beside the colour, for those who cannot tell colours apart."""

        PLAIN = "plain", _("plain")
        STRIPES = "stripes", _("stripes")
        STRIPES_BACK = "stripes_back", _("stripes the other way")
        BARS = "bars", _("bars")
        DOTS = "dots", _("dots")
        CROSS = "cross", _("crosses")
        RINGS = "rings", _("rings")
        CHECKS = "checks", _("checks")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    tag_class = models.ForeignKey(
        TagClass, on_delete=models.PROTECT, related_name="tags", verbose_name=_("tag class")
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=40, blank=True)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    applies_to = models.CharField(_("applies to"), max_length=9, choices=Applies, default=Applies.PERSON)
    colour = models.CharField(_("colour"), max_length=7, default="#8aa4c8")
    pattern = models.CharField(_("pattern"), max_length=12, choices=Pattern, default=Pattern.PLAIN)
    symbol = models.CharField(_("symbol"), max_length=2, blank=True, help_text=_("One or two characters"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True, help_text=_("What it is known for"))
    basis = models.CharField(
        _("legal basis"), max_length=200, blank=True, help_text=_("The rule that allows it to be kept")
    )
    lasts_days = models.PositiveSmallIntegerField(
        _("lasts (days)"),
        null=True,
        blank=True,
        help_text=_("Who is given it without a last day has it that long; empty: until it is ended"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=Q(ended_at=None),
                name="tag_code_is_unique",
                violation_error_message=_("There is a tag with this code already."),
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="tag_level_1_to_5"),
            models.CheckConstraint(
                condition=Q(lasts_days=None) | Q(lasts_days__gte=1),
                name="a_tag_lasts_a_day_or_longer",
                violation_error_message=_("A tag lasts at least a day."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(level=5, name="", name_en="", purpose="", basis="", symbol="")
                    & Q(code__regex=r"^[A-Z][0-9]{1,4}$")
                )
                | (Q(level__lt=5) & ~Q(name="")),
                name="an_l5_tag_is_an_opaque_code",
                violation_error_message=_(
                    "L5 is a letter and figures, like X1, and says nothing else; every other tag has a name."
                ),
            ),
            models.CheckConstraint(
                condition=Q(level__lt=3) | Q(level=5) | (~Q(purpose="") & ~Q(basis="")),
                name="a_tag_from_l3_says_its_purpose_and_basis",
                violation_error_message=_("From L3 on a tag says its purpose and its legal basis."),
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-f]{6}$"),
                name="tag_colour_is_hexadecimal",
                violation_error_message=_("A colour looks like #8aa4c8."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code
