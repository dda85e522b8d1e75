from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.places.models.community import SRID, Place
from twin.places.querysets import GridQuerySet


class Grid(Place):
    """A node of the grid tree (网格): the community itself, composite grids, grids, micro-grids. Only leaves hold
    buildings; siblings do not overlap (a deferred trigger, see migration 0002)."""

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("community")
        COMPOSITE = "composite", _("composite grid")
        GRID = "grid", _("grid")
        MICRO = "micro", _("micro-grid")
        SPECIAL = "special", _("special grid")
        UNASSIGNED = "unassigned", _("unassigned")

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("grid above")
    )
    path = models.CharField(max_length=200, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.GRID)
    code = models.CharField(_("grid code"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#37d5ff")
    geometry = models.MultiPolygonField(_("area"), srid=SRID, null=True, blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=Q(parent=None), name="community_has_one_root_grid"
            ),
            models.UniqueConstraint(
                fields=["community"], condition=Q(kind="unassigned"), name="community_has_one_unassigned_grid"
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(ended_at=None),
                name="sibling_grids_have_different_names",
            ),
            models.UniqueConstraint(
                fields=["community", "source", "source_id"],
                condition=~Q(source_id="") & Q(ended_at=None),
                name="grid_source_id_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-fA-F]{6}$"),
                name="grid_colour_is_hex",
                violation_error_message=_("A colour looks like #37d5ff."),
            ),
        ]
        indexes = [models.Index(fields=["path"], name="grid_path_prefix", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name
