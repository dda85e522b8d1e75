"""The demo community's places, from the files through the verbs, as any import would bring them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twin.base.verbs import verb
from twin.demo.files import FOLDER, features
from twin.places import actions
from twin.places.models import Building, Community, Compound, Grid

SOURCE = "demo"
Step = Callable[[str], None]


@verb
def load_places(*, folder: Path = FOLDER, step: Step = lambda _: None) -> Community:
    """The ground, grids, compounds and buildings, in one transaction: a demo that was broken off leaves nothing."""
    outline = next(features("community", folder))
    names = {key: outline.properties[key] for key in ("name", "name_en", "division", "time_zone")}
    community = actions.found_community(boundary=outline.multi, approval_number="虚构地图，无审图号", **names)
    step("ground")
    _load_ground(community, folder)
    step("grids")
    _load_grids(community, folder)
    step("compounds")
    compounds = _load_compounds(community, folder)
    step("buildings")
    _load_buildings(community, compounds, folder)
    return community


def _load_ground(community: Community, folder: Path) -> None:
    for n, feature in enumerate(features("landcover", folder)):
        known = feature.properties
        actions.add_land_cover(
            community=community, kind=known["kind"], name=known.get("name") or "", geometry=feature.multi,
            source=SOURCE, source_id=f"landcover-{n}",
        )  # fmt: skip
    for n, feature in enumerate(features("streets", folder)):
        known = feature.properties
        actions.add_street(
            community=community, kind=known["kind"], name=known.get("name") or "", geometry=feature.multi,
            source=SOURCE, source_id=f"street-{n}",
        )  # fmt: skip


def _load_grids(community: Community, folder: Path) -> None:
    root = community.root
    for feature in features("grids", folder):
        known = feature.properties
        actions.draw_grid(
            community=community, parent=root, name=known["name"], name_en=known["name_en"], colour=known["colour"],
            kind=Grid.Kind.SPECIAL if known.get("special") else Grid.Kind.GRID, geometry=feature.multi,
            code=f"{known['number']:03d}", source=SOURCE, source_id=f"grid-{known['number']}",
        )  # fmt: skip


def _load_compounds(community: Community, folder: Path) -> dict[str, Compound]:
    compounds = {}
    for feature in features("compounds", folder):
        known = feature.properties
        compounds[known["name"]] = actions.add_compound(
            community=community, name=known["name"], kind=known["kind"], geometry=feature.multi,
            committee=known.get("committee") or "", source=SOURCE, source_id=known["name"],
        )  # fmt: skip
    for feature in features("entrances", folder):
        known = feature.properties
        actions.add_entrance(compound=compounds[known["compound"]], position=feature.geometry, source=SOURCE)
    return compounds


def _load_buildings(community: Community, compounds: dict[str, Compound], folder: Path) -> None:
    uses = set(Building.Use.values)
    for feature in features("buildings", folder):
        known = feature.properties
        flats = set(known["flats_per_floor"])
        actions.add_building(
            community=community,
            footprint=feature.multi,
            compound=compounds.get(known.get("compound") or ""),
            height_m=known["height_m"],
            name=known["name"],
            number=known["number"],
            address=known["address"],
            use=known["use"] if known["use"] in uses else Building.Use.OTHER,
            floors_above=known["floors_above"],
            floors_below=known["floors_below"],
            units_stated=known["units"] or None,
            flats_per_floor=flats.pop() if len(flats) == 1 else None,
            skipped_floors=known["skipped_floors"],
            unit_names=known["unit_names"],
            facility=known["facility"] or "",
            numbering=Building.Numbering.FLOOR if known["numbering"] == "floor" else Building.Numbering.UNIT,
            year_built=known["year"],
            source=SOURCE,
            source_id=known["source_id"],
        )
