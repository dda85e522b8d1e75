"""Where the private servers of one checkout keep their files, and whether another user can reach them there."""

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deploy.local.account import Account

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

SOCKET_PATH_LIMIT = 107
"""Linux keeps a socket's path in 108 bytes, the last of which is zero (sockaddr_un, unix(7))."""

LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"

WRITTEN = ("pg", "mqtt", "data", "log")
"""The folders that hold data, below a place's own."""

Mode = Literal["run", "test", "bench"]


@dataclass(frozen=True)
class Place:
    """The folders of one set of private servers: `run` for the demo, `test` for the tests, `bench` for what is measured.

    `data` and `sockets` belong to `account`, which is not the caller when the caller is root; both may therefore lie
    outside the checkout, and then `state` holds a symbolic link to them.
    """

    mode: Mode
    state: Path
    given: Account | None = None

    @property
    def account(self) -> Account:
        """Who runs the servers; LookupError while nobody can, for lack of the user that the packages bring."""
        return self.given or Account.of_the_servers()

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets.env"

    @property
    def remembered(self) -> Path:
        return self.state / f"{self.mode}.env"

    @property
    def lock(self) -> Path:
        return self.state / f"{self.mode}.lock"

    def data(self, name: str) -> Path:
        """An own folder (0700) of the servers' account, kept between starts."""
        link = self.state / name
        if link.is_symlink() or link.exists():
            return _kept(link, self.account)
        link.mkdir(mode=0o700)
        if self.account.reaches(link):
            self.account.own(link)
            return link
        link.rmdir()
        far = far_folder(self.state) / name
        far.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        far.mkdir(mode=0o700, exist_ok=True)
        self.account.own(far)
        link.symlink_to(far)
        return far

    def sockets(self) -> Path:
        """A folder (0700) for Unix sockets with a path short enough for one, made anew when it is gone."""
        link = self.state / "sockets"
        if link.is_symlink():
            if is_private(link.resolve(), self.account):
                return link.resolve()
            link.unlink()
        if fits_a_socket(link):
            folder = self.data("sockets")
            if fits_a_socket(folder):
                return folder.resolve()
            _forget(link)
        short = Path(tempfile.mkdtemp(prefix="twin-", dir=short_parent(self.account)))
        self.account.own(short)
        link.symlink_to(short)
        return short

    def tidy(self) -> None:
        """Removes the short folder for sockets after the servers have stopped, unless something is still in it."""
        link = self.state / "sockets"
        if link.is_symlink() and not link.resolve().is_relative_to(far_folder(self.state)):
            with contextlib.suppress(OSError):
                link.resolve().rmdir()
                link.unlink()

    def remove(self) -> None:
        """Deletes what the servers of this place ever wrote, also outside the checkout; the secrets stay."""
        for name in (*WRITTEN, "sockets"):
            found = self.state / name
            shutil.rmtree(found.resolve(), ignore_errors=True)
            if found.is_symlink():
                found.unlink()
        far = far_folder(self.state)
        for folder in (far, far.parent):
            with contextlib.suppress(OSError):
                folder.rmdir()
        for file in (self.remembered, self.state / "database.stamp"):
            file.unlink(missing_ok=True)


def place(mode: Mode, account: Account | None = None, root: Path = ROOT) -> Place:
    """The place of `mode` below `root`/.local, its folder made when missing."""
    state = root / ".local" if mode == "run" else root / ".local" / mode
    state.mkdir(parents=True, exist_ok=True)
    found = Place(mode, state, account)
    found.logs.mkdir(exist_ok=True)
    return found


def fits_a_socket(folder: Path) -> bool:
    """Whether every socket the servers open in `folder` has a path that Linux accepts and PostgreSQL can list."""
    path = str(folder.resolve() / LONGEST_SOCKET_NAME)
    return len(os.fsencode(path)) <= SOCKET_PATH_LIMIT and "," not in path and '"' not in path


def short_parent(account: Account) -> str:
    """Where a short folder goes: the user's own run-time folder, else /tmp."""
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    if own and not account.is_other and Path(own).is_dir() and fits_a_socket(Path(own) / "twin-12345678"):
        return own
    return "/tmp"


def far_folder(state: Path) -> Path:
    """Where root keeps what the servers' account could not reach below the checkout; one folder per checkout."""
    name = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    return Path("/var/lib/community-twin") / name


def is_private(folder: Path, account: Account) -> bool:
    """Whether `folder` is a real folder that only `account` may enter: others may have put a trap into /tmp."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == account.uid
        and stat.S_IMODE(found.st_mode) & 0o077 == 0
    )


def _kept(link: Path, account: Account) -> Path:
    folder = link.resolve()
    if link.is_symlink() and not folder.exists():
        folder.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    owner = folder.stat().st_uid
    if owner not in {account.uid, os.geteuid()} or not account.reaches(folder):
        raise PermissionError(
            f"{folder} belongs to user number {owner} and cannot be used by {account.name}, who runs the private servers. "
            f"Run this as the user who started it before, or let that user run `make reset`."
        )
    account.own(folder)
    return folder


def _forget(link: Path) -> None:
    if link.is_symlink():
        link.unlink()
    elif link.is_dir():
        link.rmdir()
