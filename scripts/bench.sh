#!/bin/sh
# Measures the platform beside nginx in the same run, and prints a table. See docs/performance.md.
#
#   scripts/bench.sh [--rounds N] [--seconds N] [--only NAME,NAME...] [--accept-allocations] [--accept-times]
#                    [--no-build] [--profile FOLDER]
#
# Names: plain-text list product cart gateway layers grpc shop price start allocations micro console. All by default.
set -eu
cd "$(dirname "$0")/.."

rounds=3
seconds=3
only=plain-text,list,product,cart,gateway,layers,grpc,shop,price,start,allocations,micro,console
accept=""
accept_times=""
build=yes
profile=""
while [ $# -gt 0 ]; do
    case "$1" in
        --rounds) rounds=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --only) only=$2; shift 2 ;;
        --no-build) build=""; shift ;;
        --profile) profile=$2; shift 2 ;;
        --accept-allocations) accept=yes; shift ;;
        --accept-times) accept_times=yes; shift ;;
        *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
done

# As `make build` does.
flags="-c release --static-swift-stdlib"
# shellcheck disable=SC2086 # flags
[ -z "$build" ] || swift build $flags --package-path Benchmarks >&2
built="swift build"
[ -n "$build" ] || built="as it was left by swift build"
bin=$(swift build $flags --package-path Benchmarks --show-bin-path)
server=$bin/bench-server
load_generator=$bin/bench-load
driver=Benchmarks/driver
work=$(mktemp -d)
internal_token=benchmark-internal-token
user_port=21001 product_port=21002 cart_port=21003 order_port=21004 sink_port=21005 upstream_port=21006
failed=0

. $driver/processes.sh
. $driver/measure.sh
. $driver/shop.sh
. $driver/scenarios.sh
. $driver/price.sh
. $driver/grpc.sh
. $driver/allocations.sh

clean_up() {
    status=$?
    trap - EXIT
    stop_all
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

wants() { case ",$only," in *",$1,"*) return 0 ;; *) return 1 ;; esac; }
wants_any() { for one in "$@"; do wants "$one" && return 0; done; return 1; }

cores=$(getconf _NPROCESSORS_ONLN)
if [ "$cores" -lt 2 ]; then
    echo "bench: one core measures nothing: the load generator needs one of its own" >&2
    exit 1
fi
echo "commit    $(git rev-parse --short HEAD 2>/dev/null || echo none)$(git diff --quiet HEAD 2>/dev/null || echo ', changed since')"
echo "build     $built $flags, $(swift --version 2>/dev/null | sed -n 's/.*\(Swift version [^ ]*\).*/\1/p' | head -n 1)"
echo "machine   $cores cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "yardstick $(nginx -v 2>&1 | sed 's/.*: //'), $(wrk -v 2>&1 | sed -n 's/^\(wrk [^ ]*\).*/\1/p'), 64 connections"
echo "rounds    $rounds of $seconds s each, interleaved; medians"

start sink 1 env VITRINE_PORT=$sink_port "$server" sink
wants plain-text && plain_text
if wants_any list product cart gateway layers shop price allocations; then build_shop; fi
if wants_any list product; then
    start_products
    wants list && list_of_20
    wants product && product_by_id
    stop_products
fi
wants cart && add_to_cart
wants gateway && gateway_hop
wants layers && layers
wants grpc && grpc_calls
wants shop && whole_shop
wants price && price_of_seeing
if [ -f "$work/results" ]; then
    echo
    awk -f $driver/median.awk -f $driver/report.awk "$work/results"
fi
if wants layers; then
    echo
    cat "$work/layers"
fi
if wants grpc; then
    echo
    awk -f $driver/median.awk -f $driver/grpc.awk "$work/calls"
fi
if wants price; then
    echo
    awk -f $driver/median.awk -f $driver/price.awk "$work/results"
fi
wants start && start_up
wants allocations && allocations
if wants micro; then
    echo
    "$bin/bench-micro" --baseline Benchmarks/Baseline/operations.txt ${accept:+--accept-allocations} \
        ${accept_times:+--accept-times} || failed=1
fi
if wants console; then
    echo
    # shellcheck disable=SC2086 # flags
    [ -z "$build" ] || swift build $flags --product vitrine >&2
    python3 $driver/console.py .build/release/vitrine || failed=1
fi
exit "$failed"
