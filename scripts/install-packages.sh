#!/bin/sh
# Installs the Debian packages that are missing for the named purposes: build, run, test, bench, rehearse.
# Names them first, asks for sudo only when not root, and keeps their services from starting.
set -eu

packages=""
for purpose in "$@"; do
    case "$purpose" in
        build) packages="$packages libsqlite3-dev libssl-dev libcrypt-dev zlib1g-dev libnghttp2-dev" ;;
        run) packages="$packages curl ca-certificates prometheus prometheus-alertmanager" ;;
        test) packages="$packages curl python3-yaml prometheus prometheus-alertmanager python3-venv"
            packages="$packages protobuf-compiler libprotobuf-dev chromium chromium-driver" ;;
        bench) packages="$packages nginx-light wrk nghttp2-client curl g++ protobuf-compiler libprotobuf-dev"
            packages="$packages protobuf-compiler-grpc libgrpc++-dev pkg-config python3 chromium chromium-driver" ;;
        rehearse) packages="$packages mmdebstrap iproute2 util-linux python3-yaml" ;;
        *) echo "install-packages: unknown purpose '$purpose'" >&2; exit 2 ;;
    esac
done

if ! command -v swift >/dev/null 2>&1; then
    echo "The Swift toolchain (6.2 or later) is not on the PATH: see https://www.swift.org/install/linux" >&2
    exit 1
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not a Debian system. Install these by hand, then run 'swift build': $packages" >&2
    exit 1
fi

missing=""
for package in $packages; do
    case " $missing " in *" $package "*) continue ;; esac
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing:$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "Not root, and there is no sudo. As root, run: apt-get install --no-install-recommends$missing" >&2; exit 1; }
    sudo=sudo
fi

# While this file says 101, no package starts its service, so none takes a port (invoke-rc.d, policy-rc.d).
policy=/usr/sbin/policy-rc.d
made_policy=""
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
    $sudo chmod +x "$policy"
fi
# An administrator's own policy file is left alone.
cleanup() { if [ -n "$made_policy" ]; then $sudo rm -f "$policy"; fi; }
trap cleanup EXIT INT TERM

log=$(mktemp)
install() {
    # shellcheck disable=SC2086 # the list is meant to be split
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$log" 2>&1
}
# The first try uses the lists at hand; only if that fails are they fetched.
if ! install; then
    if ! $sudo apt-get update -qq >"$log" 2>&1 || ! install; then
        echo "The packages could not be installed:" >&2
        tail -n 20 "$log" >&2
        exit 1
    fi
fi
rm -f "$log"
