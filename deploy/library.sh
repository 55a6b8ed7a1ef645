# Shared by the scripts of this folder: what they say, and how they install. Sourced, not run.
# shellcheck shell=bash

say() { printf '== %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# As root, or through sudo; without either, says what somebody else has to do.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "needs root or sudo for: $*"
    fi
}

# install_packages NAME...: those of them that are missing, and nothing when none is.
install_packages() {
    local missing=() name
    for name in "$@"; do
        if ! dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed; then
            missing+=("$name")
        fi
    done
    if [ "${#missing[@]}" -eq 0 ]; then return 0; fi
    command -v apt-get >/dev/null || fail "please install by hand: ${missing[*]}"
    say "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        >/dev/null
}

# The libraries that the gateway is built on.
install_build_packages() {
    command -v swift >/dev/null || fail "needs Swift 6.3: https://www.swift.org/install/linux/"
    install_packages pkg-config libssl-dev libcrypt-dev libpq-dev libsqlite3-dev libzxcvbn-dev liburing-dev \
        libcurl4-openssl-dev
}

# build SECONDS_MAX ARGUMENT...: runs `swift build` with a bound, and says every few seconds that it is still at work.
# The optimiser has been seen to hang, so a build without a bound may never end.
build() {
    local seconds_max=$1 log started pid status=0
    shift
    log=$(mktemp)
    started=$SECONDS
    timeout "$seconds_max" swift build "$@" >"$log" 2>&1 &
    pid=$!
    # Should the script end first, the compiler must not go on alone.
    trap 'kill "$pid" 2>/dev/null || true; rm -f "$log"' EXIT
    while kill -0 "$pid" 2>/dev/null; do
        if ((SECONDS - started >= 5)) && (((SECONDS - started) % 5 == 0)); then
            printf '   building for %d s: %s\n' $((SECONDS - started)) "$(tail -n 1 "$log" | cut -c 1-100)"
        fi
        sleep 1
    done
    wait "$pid" || status=$?
    trap - EXIT
    if [ "$status" -ne 0 ]; then
        cat "$log" >&2
        rm -f "$log"
        [ "$status" -ne 124 ] || fail "the build did not end within $seconds_max s"
        fail "the build failed with status $status"
    fi
    rm -f "$log"
    say "built in $((SECONDS - started)) s"
}
