#!/bin/sh
# Brings a back-up into an EMPTY database and, when it holds uploads, into TWIN_DATA_DIR. Stop the twin first.
# The database needs the extension PostGIS, which only a superuser may add: docs/deploy.md says how to make it.
#
#   TWIN_DATABASE_URL=... TWIN_DATA_DIR=... restore.sh /var/backups/twin/twin-20260101T000000Z
set -eu
from=${1:?usage: restore.sh FOLDER OF ONE BACK-UP}
: "${TWIN_DATABASE_URL:?is not set}" "${TWIN_DATA_DIR:?is not set}"

(cd "$from" && sha256sum --quiet --check SHA256SUMS)
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 --dbname="$TWIN_DATABASE_URL" -c "$1"; }
if [ "$(ask "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'django_migrations'")" != 0 ]; then
    echo "The database already holds a twin. Make an empty one and try again; nothing was changed." >&2
    exit 1
fi
if [ "$(ask "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")" = 0 ]; then
    echo "The database lacks PostGIS. As its superuser: CREATE EXTENSION postgis" >&2
    exit 1
fi

list=$(mktemp)
trap 'rm -f "$list"' EXIT
# PostGIS and its list of coordinate systems are there already and belong to the superuser; all else the twin's role makes.
pg_restore --list "$from/database.dump" | grep -v -E ' (EXTENSION - postgis|COMMENT - EXTENSION|TABLE DATA public spatial_ref_sys) ' >"$list"
pg_restore --use-list="$list" --no-owner --no-privileges --single-transaction --exit-on-error \
    --dbname="$TWIN_DATABASE_URL" "$from/database.dump"
ask "SET client_min_messages = error; ANALYZE"
if [ -f "$from/media.tar.gz" ]; then
    mkdir -p "$TWIN_DATA_DIR"
    tar -C "$TWIN_DATA_DIR" -xzf "$from/media.tar.gz"
fi
echo "Restored from $from"
