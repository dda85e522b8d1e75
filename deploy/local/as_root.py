"""Installs Debian packages without starting or enabling any service. The only part that runs as root.

Stands alone: it is handed to root's Python through standard input (`python3 - install NAME...`).

Debian starts and enables a service when its package is installed, and makes a database cluster on port 5432. The twin
runs private servers and must leave the machine's services as they are, so while packages are installed here
- /usr/sbin/policy-rc.d forbids every start (invoke-rc.d(8)),
- a drop-in tells postgresql-common to make no cluster (createcluster.conf),
and afterwards whatever was newly enabled is disabled again. A journal undoes all that also after a kill -9.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

JOURNAL = Path("/var/lib/community-twin/held-back.json")
POLICY = Path("/usr/sbin/policy-rc.d")
SET_ASIDE = Path("/usr/sbin/policy-rc.d.set-aside")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/community-twin.conf")
FRONTEND_LOCK = Path("/var/lib/dpkg/lock-frontend")
FORBID = "#!/bin/sh\n# Put here by the set-up of the community twin while it installs packages.\nexit 101\n"
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "APT::Color=0")


def main(words: list[str]) -> int:
    if os.geteuid() != 0:
        print("as_root: needs root", file=sys.stderr)
        return 1
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, _: sys.exit(128 + number))
    if JOURNAL.exists():
        finish_interrupted()
    if words[:1] != ["install"]:
        return 0
    hold_back()
    try:
        return install(words[1:])
    finally:
        restore()


def install(names: list[str]) -> int:
    """Installs `names`; reads the package lists anew only when they are missing or out of date."""
    if all(has_candidate(name) for name in names) and apt_install(names) == 0:
        return 0
    print("Reading the package lists anew", flush=True)
    updated = run(*APT, "update")
    return updated or apt_install(names)


def apt_install(names: list[str]) -> int:
    return run(*APT, "install", "-y", "--no-install-recommends", "--", *names)


def has_candidate(name: str) -> bool:
    told = subprocess.run(["apt-cache", "policy", name], check=False, capture_output=True, text=True).stdout
    return "Candidate: " in told and "Candidate: (none)" not in told


def run(*words: str) -> int:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    return subprocess.run(words, check=False, stdin=subprocess.DEVNULL, env=environment).returncode


def enabled_services() -> list[str]:
    """Every link that starts a service at boot, by systemd or by System V."""
    links = [*Path("/etc/systemd/system").glob("*.wants/*"), *Path("/etc").glob("rc[2-5].d/S*")]
    return sorted(str(link) for link in links)


def hold_back() -> None:
    JOURNAL.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    made = [str(folder) for folder in (NO_CLUSTER.parent, NO_CLUSTER.parent.parent) if not folder.exists()]
    keep = (
        POLICY.exists() and subprocess.run([POLICY, "redis-server", "start"], check=False).returncode == 101
    )
    journal = {"enabled": enabled_services(), "folders": made, "policy": not keep}
    unfinished = JOURNAL.with_suffix(".new")
    unfinished.write_text(json.dumps(journal), encoding="utf-8")
    unfinished.replace(JOURNAL)
    NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_CLUSTER.write_text("create_main_cluster = false\n", encoding="utf-8")
    if not keep:
        if POLICY.exists() or POLICY.is_symlink():
            POLICY.replace(SET_ASIDE)
        POLICY.write_text(FORBID, encoding="utf-8")
        POLICY.chmod(0o755)


def finish_interrupted() -> None:
    """Ends what a killed run of this script began, while its guards are still in place, then takes them back."""
    with FRONTEND_LOCK.open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)  # its apt-get may still be at work: waits for that
    run("dpkg", "--configure", "-a")
    restore()


def restore() -> None:
    """Takes back everything `hold_back` did and disables what was enabled since."""
    journal = json.loads(JOURNAL.read_text(encoding="utf-8"))
    NO_CLUSTER.unlink(missing_ok=True)
    for folder in journal["folders"]:
        remove_empty(Path(folder))
    if journal["policy"]:
        if POLICY.exists() and POLICY.read_text(encoding="utf-8") == FORBID:
            POLICY.unlink()
        if SET_ASIDE.exists() or SET_ASIDE.is_symlink():
            SET_ASIDE.replace(POLICY)
    for link in set(enabled_services()) - set(journal["enabled"]):
        disable(Path(link))
    JOURNAL.unlink()
    remove_empty(JOURNAL.parent)


def disable(link: Path) -> None:
    """Disables the service that `link` starts at boot, as an administrator would, so that upgrades leave it so."""
    if link.parent.name.endswith(".wants"):
        run("deb-systemd-helper", "disable", link.name)
    else:
        run("update-rc.d", link.name[3:], "disable")  # S01redis-server


def remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not empty: a package put something there
        folder.rmdir()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
