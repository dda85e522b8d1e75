#!/bin/sh
# From nothing to a Python that can make virtual environments; everything else is Python (deploy/local/__main__.py).
set -eu
cd "$(dirname "$0")/../.."

suits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n -- "$@"; fi
}

may_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; }
}

find_python() {
    for python in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if suits "$python"; then
            return 0
        fi
    done
    return 1
}

# What deploy/local/packages.py will ask for, so that an administrator need be asked only once.
next="postgresql-15 postgresql-15-postgis-3 redis-server mosquitto libgdal32 libgeos-c1v5 libproj25"

if ! find_python; then
    if ! command -v apt-get >/dev/null; then
        echo "Missing: Python 3.11 or newer with venv; this is not Debian, so install it by its own means." >&2
        exit 1
    elif ! may_be_root; then
        cat >&2 <<END
Missing on this machine:
    python3 python3-venv: runs the twin
You are not root, and sudo is not there or does not let you in. Ask the administrator for these, and for what comes next:
    apt-get install --no-install-recommends python3 python3-venv $next
END
        exit 1
    fi
    echo "  Installing python3 and python3-venv ..."
    install="env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends"
    install="$install python3 python3-venv"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    # Old package lists name files that are gone: then they are read anew, once.
    if ! as_root $install >"$log" 2>&1 && ! { as_root apt-get -q update && as_root $install; } >"$log" 2>&1; then
        cat "$log" >&2
        echo "python3 and python3-venv could not be installed; see above." >&2
        exit 1
    fi
    rm -f "$log"
    trap - EXIT
    find_python || { echo "Debian's Python is not 3.11 to 3.13; install one that is." >&2; exit 1; }
fi

# Should make be killed, this ends tidily too.
exec setpriv --pdeathsig TERM -- "$python" -m deploy.local "$@"
