"""The checks of `make test`, in the order in which they run. To add a check, add it here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.frontend import FRONTEND
from deploy.local.node import Node
from deploy.local.place import ROOT
from deploy.local.python_environment import PYTHON, VENV


@dataclass(frozen=True)
class Check:
    """One command that has to succeed; `closing` keeps the lines it ends with for the very end of the run."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    closing: bool = False


def checks(servers: Mapping[str, str], node: Node, pytest_words: tuple[str, ...] = ()) -> list[Check]:
    """All checks; `servers` are the TWIN_* variables that lead to the test servers."""
    path = os.pathsep.join((str(VENV / "bin"), node.environment.get("PATH", os.defpath)))
    environment = {**servers, "PATH": path, "PYTHONUNBUFFERED": "1"}

    def python(name: str, *words: str, closing: bool = False) -> Check:
        return Check(name, (str(PYTHON), "-m", *words), ROOT, environment, closing)

    def script_of_the_front_end(name: str, script: str) -> Check:
        return Check(name, (*node.npm, "run", "--silent", script), FRONTEND, environment)

    return [
        python("lint", "ruff", "check", "."),
        python("format", "ruff", "format", "--check", "."),
        python("types", "mypy"),
        Check("imports", (str(VENV / "bin" / "lint-imports"),), ROOT, environment),
        script_of_the_front_end("front-end types", "typecheck"),
        script_of_the_front_end("front-end lint", "lint"),
        script_of_the_front_end("front-end tests", "test"),
        python("tests", "pytest", *pytest_words, closing=True),
    ]
