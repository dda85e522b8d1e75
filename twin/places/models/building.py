from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.places.models.community import SRID, Place
from twin.places.models.compound import Compound
from twin.places.models.grid import Grid
from twin.places.querysets import BuildingQuerySet, DwellingQuerySet, PlaceQuerySet


class Building(Place):
    """A building (楼栋). It lies in exactly one leaf grid: the one with most of its area, unless a clerk decided."""

    class Use(models.TextChoices):
        RESIDENTIAL = "residential", _("residential")
        MIXED = "mixed", _("mixed use")
        SHOP = "shop", _("shop")
        OFFICE = "office", _("office")
        SCHOOL = "school", _("school")
        KINDERGARTEN = "kindergarten", _("kindergarten")
        HOSPITAL = "hospital", _("hospital")
        MALL = "mall", _("mall")
        MARKET = "market", _("market")
        COMMUNITY = "community", _("community centre")
        OTHER = "other", _("other")

    class Facility(models.TextChoices):
        """What a building that is no home is known for; beside its use, because it decides who is sent there."""

        FIRE_STATION = "fire_station", _("fire station")
        POLICE = "police", _("police station")
        CARE_HOME = "care_home", _("care home")
        LIBRARY = "library", _("library")
        YOUTH_CENTRE = "youth_centre", _("youth centre")
        SPORTS_HALL = "sports_hall", _("sports hall")
        SWIMMING_HALL = "swimming_hall", _("swimming hall")
        TEA_HOUSE = "tea_house", _("tea house")
        HOTEL = "hotel", _("hotel")
        RESEARCH = "research", _("research institute")
        FERRY_TERMINAL = "ferry_terminal", _("ferry terminal")
        GREENHOUSE = "greenhouse", _("greenhouse")

    class Cut(models.TextChoices):
        """Whether the building has been cut into dwellings, and from what."""

        NONE = "none", _("not cut")
        STATED = "stated", _("from stated floors and flats")
        ESTIMATED = "estimated", _("from a guess")

    class Numbering(models.TextChoices):
        """How rooms are counted on a floor."""

        UNIT = "unit", _("anew in every unit")
        FLOOR = "floor", _("through the whole floor")

    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, verbose_name=_("grid"))
    grid_decided = models.BooleanField(_("grid decided by a clerk"), default=False)
    compound = models.ForeignKey(
        Compound, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    number = models.CharField(_("number"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=160, blank=True)
    use = models.CharField(_("use"), max_length=12, choices=Use, default=Use.RESIDENTIAL)
    facility = models.CharField(_("facility"), max_length=16, choices=Facility, blank=True)
    footprint = models.MultiPolygonField(_("footprint"), srid=SRID)
    anchor = models.GeneratedField(
        expression=PointOnSurface("footprint"), output_field=models.PointField(srid=SRID), db_persist=True
    )
    base_m = models.FloatField(_("base above ground (m)"), default=0)
    height_m = models.FloatField(_("height (m)"))
    floors_above = models.PositiveSmallIntegerField(_("floors above ground"), default=1)
    floors_below = models.PositiveSmallIntegerField(_("floors below ground"), default=0)
    units_stated = models.PositiveSmallIntegerField(_("units"), null=True, blank=True)
    flats_per_floor = models.PositiveSmallIntegerField(_("flats per unit and floor"), null=True, blank=True)
    unit_names = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("names of the units"),
        default=list,
        blank=True,
        help_text=_("In their order, parted by commas, where units have names of their own: 19号,20号,21号"),
    )
    skipped_floors = ArrayField(
        models.SmallIntegerField(), verbose_name=_("skipped floors"), default=list, blank=True
    )
    numbering = models.CharField(_("room numbers"), max_length=5, choices=Numbering, default=Numbering.UNIT)
    year_built = models.PositiveSmallIntegerField(_("year built"), null=True, blank=True)
    cut = models.CharField(
        _("cut into dwellings"), max_length=9, choices=Cut, default=Cut.NONE, editable=False
    )

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "source", "source_id"],
                condition=~Q(source_id="") & Q(ended_at=None),
                name="building_source_id_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(height_m__gt=0, height_m__lte=1000), name="building_height_0_to_1000_m"
            ),
            models.CheckConstraint(
                condition=Q(floors_above__lte=200, floors_below__lte=20),
                name="building_has_at_most_200_floors",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "id"], name="building_by_community"),
        ]

    def __str__(self) -> str:
        return self.name or self.number or str(self.pk)


class Unit(Place):
    """A stairwell (单元, 楼门). Old buildings have one without a number; each house of an old row has its door's number as a
    name (19号)."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, verbose_name=_("building"))
    number = models.CharField(_("number"), max_length=12, blank=True)
    name = models.CharField(_("name"), max_length=20, blank=True)
    entrance = models.PointField(_("entrance"), srid=SRID, null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(
                fields=["building", "number"],
                condition=Q(ended_at=None),
                name="unit_number_is_unique_in_building",
            )
        ]

    def __str__(self) -> str:
        return self.name or (f"{self.number}单元" if self.number else str(self.building))


class Dwelling(Place):
    """A dwelling (户室): the cell that is clicked. A place, not people; it may hold several households or none."""

    class Use(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        OWN = "own", _("lived in by the owner")
        LET = "let", _("let")
        VACANT = "vacant", _("vacant")
        BUSINESS = "business", _("business")
        GUEST_HOUSE = "guest_house", _("guest house")
        SHARED = "shared", _("shared space")

    building = models.ForeignKey(Building, on_delete=models.PROTECT, verbose_name=_("building"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, verbose_name=_("unit"))
    floor = models.SmallIntegerField(_("floor"), help_text=_("Basements are -1, -2, …; there is no floor 0"))
    room = models.CharField(_("room"), max_length=20)
    use = models.CharField(_("use"), max_length=12, choices=Use, default=Use.UNKNOWN)
    footprint = models.PolygonField(_("floor plan"), srid=SRID)
    walls = models.MultiLineStringField(_("outer walls"), srid=SRID, null=True, blank=True)
    base_m = models.FloatField(_("base (m)"))
    top_m = models.FloatField(_("top (m)"))
    estimated = models.BooleanField(_("cut from a guess"), default=False)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dwelling")
        verbose_name_plural = _("dwellings")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "floor", "room"],
                condition=Q(ended_at=None),
                name="room_is_unique_on_floor_of_unit",
            ),
            models.CheckConstraint(condition=~Q(floor=0), name="there_is_no_floor_0"),
            models.CheckConstraint(
                condition=Q(top_m__gt=models.F("base_m")), name="dwelling_top_is_above_its_base"
            ),
        ]

    def __str__(self) -> str:
        return self.room
