#!/usr/bin/env bash
# Packs the program: Scripts/package.sh BINARY FOLDER DOCUMENT…
# The same commit, binary, documents and tools give the same archive, byte for byte, whoever packs
# it, wherever and under whatever umask.
set -euo pipefail
export LC_ALL=C

binary=$1 folder=$2
shift 2
version=$("$binary" --version | awk 'NR == 1 { print $NF }')
if [[ ! $version =~ ^[0-9A-Za-z.+-]+$ ]]; then
    echo "tandem: '$binary --version' names no version that fits a file name." >&2
    exit 1
fi
name="tandem-$version-linux-$(uname -m)"
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
install -D -m 0755 -s "$binary" "$staging/$name/bin/tandem"
for document; do
    install -D -m 0644 "$document" "$staging/$name/share/doc/tandem/$document"
done
moment=$(git log -1 --format=%ct 2>/dev/null || echo 0)
tar --create --directory "$staging" --format=ustar --sort=name --mtime="@$moment" \
    --mode=u=rwX,go=rX --owner=0 --group=0 --numeric-owner "$name" |
    gzip -9 -n >"$folder/$name.tar.gz"
(cd "$folder" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
