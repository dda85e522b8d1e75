"""The virtual environment in .local/venv, filled from the lock files with their hashes checked."""

import subprocess
import sys
from pathlib import Path
from typing import Literal

from deploy.local.logged import run_logged
from deploy.local.place import ROOT
from deploy.local.stamps import digest, is_done, mark_done
from deploy.local.terminal import Terminal

VENV = ROOT / ".local" / "venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "deploy" / "requirements"
Kind = Literal["production", "development"]


def install_python_packages(kind: Kind, terminal: Terminal, title: str, log: Path) -> None:
    """Brings .local/venv to the lock file of `kind`; `development` holds all of `production`."""
    if not works():
        run_logged([sys.executable, "-m", "venv", "--clear", str(VENV)], terminal, title, log)
    if not any(is_done(stamp(each), state(each)) for each in {kind, "development"}):
        install(LOCKS / f"{kind}.txt", terminal, title, log)
        mark_done(stamp(kind), state(kind))


def install(lock: Path, terminal: Terminal, title: str, log: Path) -> None:
    """Installs exactly the files that `lock` names, from the registry that pip is set up to use."""
    words = [
        "--require-hashes",
        "--only-binary=:all:",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
    ]
    run_logged([str(PYTHON), "-m", "pip", "install", *words, "-r", str(lock)], terminal, title, log)


def works() -> bool:
    """Whether the environment runs and was made where it lies now: its scripts hold its path."""
    test = "import sys, pip; print(sys.prefix)"
    try:
        told = subprocess.run([str(PYTHON), "-c", test], check=False, capture_output=True, text=True)
    except OSError:
        return False
    return told.returncode == 0 and Path(told.stdout.strip()) == VENV


def state(kind: str) -> str:
    return digest([LOCKS / f"{kind}.txt"])


def stamp(kind: str) -> Path:
    return VENV / f".{kind}.stamp"
