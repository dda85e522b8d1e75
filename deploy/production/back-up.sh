#!/bin/sh
# Writes the database and the uploaded files into one new folder below the given one.
# Not in it: the secrets of /etc/twin/twin.env, so that whoever finds a back-up has no keys. Keep a copy of them elsewhere.
#
#   TWIN_DATABASE_URL=... TWIN_DATA_DIR=... back-up.sh /var/backups/twin [days to keep]
set -eu
umask 077
into=${1:?usage: back-up.sh FOLDER [DAYS]}
days=${2:-14}
: "${TWIN_DATABASE_URL:?is not set}" "${TWIN_DATA_DIR:?is not set}"

name="twin-$(date -u +%Y%m%dT%H%M%SZ)"
unfinished="$into/$name.unfinished"
mkdir -p "$unfinished"
trap 'rm -rf "$unfinished"' EXIT
trap 'exit 1' HUP INT TERM

pg_dump --format=custom --no-owner --no-privileges --file="$unfinished/database.dump" --dbname="$TWIN_DATABASE_URL"
pg_restore --list "$unfinished/database.dump" >"$unfinished/contents.txt"
if [ -d "$TWIN_DATA_DIR/media" ]; then
    tar -C "$TWIN_DATA_DIR" -czf "$unfinished/media.tar.gz" media
fi
(cd "$unfinished" && sha256sum -- * >SHA256SUMS)
mv "$unfinished" "$into/$name"
trap - EXIT

# Older ones go only after the new one is whole.
find "$into" -mindepth 1 -maxdepth 1 -type d -name 'twin-*Z' -mtime "+$days" -exec rm -rf {} +
echo "$into/$name"
