#!/bin/sh
# Holds the whole shop at about half the load it can bear, and watches what must not grow. See docs/performance.md.
#
#   scripts/soak.sh [minutes, default 10] [--no-build]
#
# Five services on core 0, everything else on core 1; every ten seconds resident memory, open descriptors and threads of
# each. Fails when memory or descriptors have grown between the fourth tenth of the time and the last, when a process has
# gone, and when answers fail. Below five minutes nothing but the last two is judged: the rest is warming up.
set -eu
cd "$(dirname "$0")/.."

usage() { sed -n '4p' "$0" | sed 's/^# *//' >&2; exit 2; }

minutes=""
build=yes
while [ $# -gt 0 ]; do
    case "$1" in
        --no-build) build="" ;;
        '' | 0* | *[!0-9]*) usage ;;
        *) [ -z "$minutes" ] || usage; minutes=$1 ;;
    esac
    shift
done
minutes=${minutes:-10}

# As `make bench` does.
flags="-c release --static-swift-stdlib"
# shellcheck disable=SC2086 # flags
[ -z "$build" ] || swift build $flags --package-path Benchmarks >&2
# shellcheck disable=SC2086 # flags
bin=$(swift build $flags --package-path Benchmarks --show-bin-path)
server=$bin/bench-server
load_generator=$bin/bench-load
driver=Benchmarks/driver
work=$(mktemp -d)
internal_token=soak-internal-token
# By how much resident memory may grow, in percent.
growth_max=5
user_port=23001 product_port=23002 cart_port=23003 order_port=23004 sink_port=23005 gateway_port=23006

. $driver/processes.sh
. $driver/shop.sh
. $driver/soak.sh

clean_up() {
    status=$?
    trap - EXIT
    stop_slice
    stop_all
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ "$(getconf _NPROCESSORS_ONLN)" -lt 2 ]; then
    echo "soak: one core is not enough: the load generator needs one of its own" >&2
    exit 1
fi
echo "commit    $(git rev-parse --short HEAD 2>/dev/null || echo none)$(git diff --quiet HEAD 2>/dev/null || echo ', changed since')"
echo "load      $list_rate lists, $product_rate products, $cart_rate carts, $order_rate checkouts, $login_rate logins a second, for $minutes min"

start_shop
soak $((minutes * 60))
failed=0
awk -v ticks_per_second="$(getconf CLK_TCK)" -v growth_max="$growth_max" -v is_judged=$((minutes >= 5)) \
    -f $driver/soak.awk "$work/samples" || failed=1
answers || failed=1
exit "$failed"
