"""The front end: its packages from the lock file, its build from its sources."""

from collections.abc import Iterator
from pathlib import Path

from deploy.local.logged import run_logged
from deploy.local.node import Node
from deploy.local.place import ROOT
from deploy.local.stamps import digest, is_done, mark_done
from deploy.local.terminal import Terminal

FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
DIST = FRONTEND / "dist"
NOT_SOURCES = {"node_modules", "dist", "coverage", "tests", ".vite"}


def install_packages(node: Node, terminal: Terminal, title: str, log: Path) -> None:
    """Runs `npm ci` when the lock file changed since it last did."""
    state = digest([FRONTEND / "package-lock.json"], node.version)
    stamp = MODULES / ".twin.stamp"
    if not is_done(stamp, state):
        quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--no-progress")
        run_logged(
            [*node.npm, "ci", *quiet], terminal, title, log, environment=node.environment, folder=FRONTEND
        )
        mark_done(stamp, state)


def build(node: Node, terminal: Terminal, title: str, log: Path) -> None:
    """Runs the build when a source changed since it last did."""
    state = digest(sources())
    stamp = MODULES / ".twin.build.stamp"
    if not is_done(stamp, state) or not DIST.is_dir():
        run_logged(
            [*node.npm, "run", "build"], terminal, title, log, environment=node.environment, folder=FRONTEND
        )
        mark_done(stamp, state)


def sources(folder: Path = FRONTEND) -> Iterator[Path]:
    """Every file the build may read, as far as it lies in the front end's folder."""
    for path in folder.iterdir():
        if path.name in NOT_SOURCES:
            continue
        if path.is_dir():
            yield from sources(path)
        elif path.is_file():
            yield path
