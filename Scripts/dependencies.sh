#!/usr/bin/env bash
# Makes sure that what the build takes from the system is there. Silent when nothing is missing;
# otherwise it says what is missing and why, and installs it with apt-get. The Swift toolchain
# itself it only looks for.
#
#   Scripts/dependencies.sh lint     what the toolchain's first steps and the checks of form need
#   Scripts/dependencies.sh build    the same, and what compiles and links
#   Scripts/dependencies.sh test     the same, and what the tests start
#   Scripts/dependencies.sh bench    the same, and the programs that we are measured against
set -euo pipefail

readonly swift_major=6 swift_minor=2
# The on-demand parser that the JSON shim is written for.
readonly simdjson_least=3.0.0

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "tandem: $*"
    exit 1
}

# Whether the loader knows a library. The folder of ldconfig is on root's path only.
has_library() {
    [[ $(/sbin/ldconfig -p) == *[[:space:]]"$1 "* ]]
}

# Debian package | is it there? | why it is needed. Presence is asked of the thing itself, not of
# dpkg, so that a library put there in another way counts as well.
needs_lint() {
    cat <<'TABLE'
make|command -v make|the steps stand in the Makefile
libncurses6|has_library libncurses.so.6|the Swift toolchain does not start without it
libsqlite3-0|has_library libsqlite3.so.0|the Swift toolchain does not start without it
python3|command -v python3|reads over the Python scripts
TABLE
}

needs_build() {
    needs_lint
    cat <<'TABLE'
libcurl4|has_library libcurl.so.4|SwiftPM does not start without it
libuuid1|has_library libuuid.so.1|the Swift compiler does not start without it
libxml2|has_library libxml2.so.2|SwiftPM and the linker do not start without it
git|command -v git|SwiftPM fetches the Swift packages with it
ca-certificates|[ -e /etc/ssl/certs/ca-certificates.crt ]|the Swift packages come over https
pkg-config|command -v pkg-config|SwiftPM finds C libraries with it
binutils|command -v ar|the Swift toolchain links with it
libstdc++-12-dev|compgen -G '/usr/include/c++/*/string'|C++ headers for the JSON shim
libsqlite3-dev|pkg-config --exists sqlite3|SQLite: the local store
libsimdjson-dev|pkg-config --atleast-version=$simdjson_least simdjson|simdjson: scans JSON
zlib1g-dev|pkg-config --exists zlib|zlib: compressed answers over HTTP
tzdata|[ -e /usr/share/zoneinfo/Europe/Paris ]|the time zones of events
TABLE
}

needs_test() {
    needs_build
    cat <<'TABLE'
curl|command -v curl|the tests of signing in use it for a browser
python3-venv|python3 -c 'import venv, ensurepip'|an environment of their own for the client tests
TABLE
}

needs_bench() {
    needs_test
    cat <<'TABLE'
rclone|command -v rclone|a program that we are measured against
TABLE
}

require_swift() {
    command -v swift >/dev/null 2>&1 ||
        fail "there is no Swift on the PATH: install Swift $swift_major.$swift_minor or newer" \
            "from https://www.swift.org/install and try again."
}

require_swift_version() {
    local line
    line=$(swift --version 2>/dev/null) ||
        fail "'swift --version' does not run: repair the Swift toolchain and try again."
    [[ $line =~ [Ss]wift\ version\ ([0-9]+)\.([0-9]+) ]] ||
        fail "cannot tell the version of 'swift': Swift $swift_major.$swift_minor or newer is needed."
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    if ((major < swift_major || (major == swift_major && minor < swift_minor))); then
        fail "Swift $major.$minor is too old: install Swift $swift_major.$swift_minor or newer" \
            "from https://www.swift.org/install and try again."
    fi
}

# The command that gives root's rights: nothing for root, sudo for others.
privilege() {
    if [ "$(id -u)" -eq 0 ]; then
        return
    fi
    command -v sudo >/dev/null 2>&1 ||
        fail "missing packages, not root and no sudo: run as root: apt-get install $*"
    # Without a terminal nobody can type a password.
    if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
        fail "missing packages, and sudo wants a password: run: sudo apt-get install $*"
    fi
    printf 'sudo'
}

install_packages() {
    local prefix log
    command -v apt-get >/dev/null 2>&1 ||
        fail "missing, and there is no apt-get here: install what Debian calls $*"
    prefix=$(privilege "$@")
    log=$(mktemp)
    # shellcheck disable=SC2064  # The name is wanted as it is now.
    trap "rm -f '$log'" EXIT
    local options=(-qq -y --no-install-recommends -o DPkg::Lock::Timeout=300)
    # An update may fail for one source and still suffice; the installation decides.
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null >"$log" 2>&1 || true
    if ! $prefix env DEBIAN_FRONTEND=noninteractive \
        apt-get "${options[@]}" install "$@" </dev/null >>"$log" 2>&1; then
        local reason
        reason=$(grep '^E: ' "$log" | head -n 1 | cut -c4-) || true
        fail "apt-get could not install $* (${reason:-no reason given}):" \
            "check the network and type: ${prefix:+sudo }apt-get update &&" \
            "${prefix:+sudo }apt-get install $*"
    fi
}

main() {
    local purpose=${1:-build} table package check reason
    case $purpose in
    lint | build | test | bench) table="needs_$purpose" ;;
    *)
        say "usage: Scripts/dependencies.sh lint|build|test|bench"
        exit 64
        ;;
    esac
    require_swift
    local missing=() checks=()
    while IFS='|' read -r package check reason; do
        if ! eval "$check" >/dev/null 2>&1; then
            if [ ${#missing[@]} -eq 0 ]; then say "Missing on this machine:"; fi
            say "  $(printf '%-18s' "$package") $reason"
            missing+=("$package")
            checks+=("$check")
        fi
    done < <("$table")
    if [ ${#missing[@]} -gt 0 ]; then
        say "Installing with apt-get: ${missing[*]}"
        install_packages "${missing[@]}"
        local index
        for index in "${!missing[@]}"; do
            eval "${checks[$index]}" >/dev/null 2>&1 ||
                fail "${missing[$index]} is installed, but still not usable" \
                    "(tried: ${checks[$index]})."
        done
    fi
    # Last, since without its libraries the toolchain cannot even tell its version.
    require_swift_version
}

main "$@"
