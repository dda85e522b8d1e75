"""The Debian packages the twin stands on: which are missing, and how they get onto the machine."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy.local import as_root
from deploy.local.binaries import find, postgresql
from deploy.local.logged import run_logged
from deploy.local.program import SetUpError
from deploy.local.terminal import Terminal


@dataclass(frozen=True)
class Need:
    """A package, what it is for, and whether the machine has what it brings, from wherever it came."""

    packages: tuple[str, ...]
    why: str
    present: Callable[[], bool]


def has_program(*names: str) -> bool:
    return all(find(name) for name in names)


def has_library(name: str) -> bool:
    return ctypes.util.find_library(name) is not None


def has_chinese_font() -> bool:
    return any(Path("/usr/share/fonts").glob("**/NotoSansCJK*"))


TO_RUN = (
    Need(
        ("postgresql-15", "postgresql-15-postgis-3"),
        "the database with maps",
        lambda: postgresql() is not None,
    ),
    Need(("redis-server",), "the bell between processes", partial(has_program, "redis-server")),
    Need(
        ("mosquitto",),
        "the broker that devices speak to",
        partial(has_program, "mosquitto", "mosquitto_passwd"),
    ),
    Need(("libgdal32",), "GDAL, reads and converts map data", partial(has_library, "gdal")),
    Need(("libgeos-c1v5",), "GEOS, computes with shapes", partial(has_library, "geos_c")),
    Need(("libproj25",), "PROJ, converts coordinates", partial(has_library, "proj")),
)
TO_TEST = (
    Need(("chromium",), "the browser of the browser tests", partial(has_program, "chromium")),
    Need(("fonts-noto-cjk",), "Chinese letters in that browser", has_chinese_font),
)


def missing(needs: tuple[Need, ...]) -> list[Need]:
    return [need for need in needs if not need.present()]


def install_missing(needs: tuple[Need, ...], terminal: Terminal, title: str, log: Path) -> None:
    """Installs what is missing, with no service of it started or enabled; SetUpError says what to ask for."""
    if as_root.JOURNAL.exists():  # an installation was cut off: put back what it had held
        run_logged([*root_prefix([]), *script("restore")], terminal, title, log, stdin=SCRIPT)
    wanted = missing(needs)
    if not wanted:
        return
    if shutil.which("apt-get") is None:
        raise SetUpError(f"{described(wanted)}\nThis machine has no apt-get: install them by its own means.")
    names = [name for need in wanted for name in need.packages]
    as_root_do = root_prefix(wanted)
    try:
        run_logged([*as_root_do, *script("install", *names)], terminal, title, log, stdin=SCRIPT)
    except SetUpError as error:
        raise SetUpError(f"{described(wanted)}\nInstalling them failed:\n{error}\n{to_ask(wanted)}") from None
    if left := missing(needs):
        raise SetUpError(f"Installed, yet not found: {described(left)}")


SCRIPT = Path(as_root.__file__)


def script(*words: str) -> list[str]:
    """The script goes in through standard input: root cannot read every home (NFS, encrypted)."""
    return [sys.executable if os.geteuid() == 0 else "python3", "-", *words]


def root_prefix(wanted: list[Need]) -> list[str]:
    """Words before a command that make it root's; SetUpError when the caller may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise SetUpError(
            f"{described(wanted)}\nYou are not root, and sudo is not installed.\n{to_ask(wanted)}"
        )
    allowed = subprocess.run(
        ["sudo", "-n", "true"], check=False, capture_output=True, stdin=subprocess.DEVNULL
    )
    if allowed.returncode == 0:
        return ["sudo", "-n", "--"]
    if sys.stdin.isatty() and subprocess.run(["sudo", "-v"], check=False).returncode == 0:
        return ["sudo", "-n", "--"]
    raise SetUpError(
        f"{described(wanted)}\nYou are not root, and sudo does not let you in.\n{to_ask(wanted)}"
    )


def described(wanted: list[Need]) -> str:
    lines = [f"    {' '.join(need.packages)}: {need.why}" for need in wanted]
    return "\n".join(["Missing on this machine:", *lines])


def to_ask(wanted: list[Need]) -> str:
    names = " ".join(name for need in wanted for name in need.packages)
    return f"Ask the administrator for:\n    apt-get install --no-install-recommends {names}"
