"""The house holds: string foreign keys escape import linters, so they are walked here."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]

# From the ground up; a room may refer to itself and to what stands before it.
ROOMS = ["base", "accounts", "places", "access", "people", "points", "devices", "patrol", "incidents",
         "assessment", "watch", "planning", "emergency", "reports"]  # fmt: skip

# Tables that no person is ever shown: they have no visible_to(), and visible() refuses them.
NEVER_SHOWN = {
    "base.Upload", "base.KeyCanary", "accounts.User", "access.RightsChange", "places.ShapeVersion", "places.GridHistory",
    "places.BuildingGridHistory", "devices.Listening",
}  # fmt: skip


def own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("twin.")]


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_the_house(model: type[models.Model]) -> None:
    own = ROOMS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if field.auto_created or target is None or not target.__module__.startswith("twin."):
            continue
        assert ROOMS.index(target._meta.app_label) <= own, f"{field} points up the house"


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_every_table_says_who_may_see_it(model: type[models.Model]) -> None:
    says = hasattr(model._default_manager.all(), "visible_to")
    assert says != (model._meta.label in NEVER_SHOWN), (
        f"{model._meta.label}: declare visible_to() on its queryset, or list it in NEVER_SHOWN and say why"
    )


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_constraints_have_names_that_read(model: type[models.Model]) -> None:
    for constraint in model._meta.constraints:
        assert "_" in constraint.name, constraint.name
        assert not constraint.name.startswith(model._meta.app_label), "a sentence, not a code"


def action_modules() -> list[ModuleType]:
    found = []
    for room in ROOMS:
        if (ROOT / "twin" / room / "actions.py").is_file() or (ROOT / "twin" / room / "actions").is_dir():
            module = importlib.import_module(f"twin.{room}.actions")
            found.append(module)
            for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
                found.append(importlib.import_module(f"{module.__name__}.{info.name}"))
    return found


@pytest.mark.parametrize("module", action_modules(), ids=lambda m: m.__name__)
def test_a_public_write_is_a_verb(module: ModuleType) -> None:
    """A public function of an actions package is a verb, or calls verbs one by one (no writes of its own)."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__ or name.startswith("_") or hasattr(function, "is_verb"):
            continue
        source = inspect.getsource(function)
        assert not any(f".{write}(" in source for write in ("save", "create", "bulk_create", "delete")), (
            f"{module.__name__}.{name} writes but is no verb"
        )


def test_only_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("twin", "layers", "gis")
        for path in (ROOT / folder).rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8")
    ]
    assert sorted(readers) == ["twin/config/application.py", "twin/config/env.py"]


def test_no_room_knows_how_it_is_shown() -> None:
    for path in (ROOT / "twin").rglob("*.py"):
        room = path.relative_to(ROOT / "twin").parts[0]
        text = path.read_text(encoding="utf-8")
        if room not in {"config", "demo"}:
            assert "from layers" not in text, path
            assert "import layers" not in text, path
