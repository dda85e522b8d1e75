"""The checks of `make test`, in the order in which they run. To add a check, add it here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.frontend import FRONTEND
from deploy.local.node import CACHE, Node
from deploy.local.place import ROOT
from deploy.local.python_environment import PYTHON, VENV


@dataclass(frozen=True)
class Check:
    """One command that has to end with one of `good`; `closing` keeps the lines it ends with for the end of the run."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    closing: bool = False
    good: frozenset[int] = frozenset({0})


NO_TESTS = 5
"""pytest's exit status when it found none."""


def checks(servers: Mapping[str, str], node: Node, pytest_words: tuple[str, ...] = ()) -> list[Check]:
    """All checks; `servers` are the TWIN_* variables that lead to the test servers."""
    path = os.pathsep.join((str(VENV / "bin"), node.environment.get("PATH", os.defpath)))
    environment = {**servers, **CACHE, "PATH": path, "PYTHONUNBUFFERED": "1"}

    def python(name: str, *words: str) -> Check:
        return Check(name, (str(PYTHON), "-m", *words), ROOT, environment)

    def pytest(name: str, *words: str) -> Check:
        good = {0, NO_TESTS} if pytest_words else {0}
        command = (str(PYTHON), "-m", "pytest", *words, *pytest_words)
        return Check(name, command, ROOT, environment, closing=True, good=frozenset(good))

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
        pytest("browser tests", "-m", "browser"),  # one at a time: a browser needs the processors for itself
        pytest("tests", "-m", "not browser", "--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile"),
    ]
