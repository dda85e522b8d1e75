"""Where programs lie: also in folders that an ordinary user's PATH leaves out on Debian."""

import os
import shutil
from pathlib import Path

SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin")
POSTGRESQL_VERSIONS = Path("/usr/lib/postgresql")
OLDEST_POSTGRESQL = 15


def find(name: str) -> Path | None:
    """The program `name` on the PATH or in Debian's folders."""
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *SYSTEM_FOLDERS)))
    return Path(found) if found else None


def need(name: str) -> Path:
    """As `find`; FileNotFoundError when it is missing."""
    found = find(name)
    if found is None:
        raise FileNotFoundError(f"The program {name} is missing.")
    return found


def postgresql() -> Path | None:
    """The folder of the server's programs: the newest version from 15 on that has PostGIS too."""
    versions = [folder for folder in POSTGRESQL_VERSIONS.glob("*") if folder.name.isdigit()]
    for folder in sorted(versions, key=lambda folder: int(folder.name), reverse=True):
        postgis = Path("/usr/share/postgresql") / folder.name / "extension" / "postgis.control"
        if (
            int(folder.name) >= OLDEST_POSTGRESQL
            and postgis.exists()
            and (folder / "bin" / "postgres").exists()
        ):
            return folder / "bin"
    return None


def need_postgresql() -> Path:
    found = postgresql()
    if found is None:
        raise FileNotFoundError(f"PostgreSQL {OLDEST_POSTGRESQL} or newer with PostGIS is missing.")
    return found
