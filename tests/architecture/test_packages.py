"""`make run` installs less than `make test`: what the twin imports has to be in the smaller lock file."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("twin", "layers", "gis")
TOOLS = {ROOT / "twin/locale/catalogue.py"}
"""Run by developers only."""
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def test_whatever_the_twin_imports_is_installed_without_the_developers_tools() -> None:
    locked = {
        _plain(name) for name in LOCKED.findall((ROOT / "deploy/requirements/production.txt").read_text())
    }
    of_module = packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)}: {module}"
        for path, module in _imported()
        if not any(_plain(package) in locked for package in of_module.get(module, []))
    }
    assert not missing, "only in the developers' lock file; see docs/deploy.md, Changing a Python package"


def _imported() -> Iterator[tuple[Path, str]]:
    """(file, top module) of every import of somebody else's package."""
    for path in (path for room in OURS for path in (ROOT / room).glob("**/*.py")):
        if path in TOOLS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for top in {name.partition(".")[0] for name in names}:
                if top not in sys.stdlib_module_names and top not in OURS:
                    yield path, top


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
