"""Who runs the private servers: yourself, or the user `postgres` when you are root (PostgreSQL refuses root)."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

SERVERS_OF_ROOT = "postgres"


@dataclass(frozen=True)
class Account:
    """A Unix account; `is_other` says that it is not the caller's own."""

    name: str
    uid: int
    gid: int
    is_other: bool

    @classmethod
    def of_the_servers(cls) -> "Account":
        """The caller, or `postgres` for root; LookupError when that user is missing."""
        if os.geteuid() != 0:
            return cls.of_the_caller()
        try:
            found = pwd.getpwnam(SERVERS_OF_ROOT)
        except KeyError:
            raise LookupError(
                "PostgreSQL refuses to run as root, and the user `postgres` that its Debian package makes is missing."
            ) from None
        return cls(found.pw_name, found.pw_uid, found.pw_gid, is_other=True)

    @classmethod
    def of_the_caller(cls) -> "Account":
        uid = os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            raise LookupError(
                f"The user number {uid} has no name in /etc/passwd; PostgreSQL needs one."
            ) from None
        return cls(name, uid, os.getegid(), is_other=False)

    def prefix(self, on_parents_death: str = "TERM") -> tuple[str, ...]:
        """Words before a command that run it as this account and end it with the process that started it.

        The kernel drops the parent-death signal when the user changes, so `setpriv` sets it after that.
        """
        words = ["setpriv", "--pdeathsig", on_parents_death]
        if self.is_other:
            words += [f"--reuid={self.uid}", f"--regid={self.gid}", "--init-groups"]
        return (*words, "--")

    def own(self, path: Path) -> None:
        """Gives `path` to this account, closed to all others."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        os.chmod(path, 0o700 if path.is_dir() else 0o600)

    def reaches(self, folder: Path) -> bool:
        """Whether this account can get to `folder`: every folder above must let it pass."""
        if not self.is_other:
            return os.access(folder, os.R_OK | os.W_OK | os.X_OK)
        test = [*self.prefix(), "test", "-d", str(folder.resolve()), "-a", "-x", str(folder.resolve().parent)]
        return subprocess.run(test, check=False).returncode == 0
