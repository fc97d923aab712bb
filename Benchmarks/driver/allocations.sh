# Start-up times, and allocations per request against a committed baseline. Sourced by scripts/bench.sh; POSIX sh.

# start_up: milliseconds from starting a process on core 0 to its first successful answer, the median of five.
start_up() {
    echo
    echo "first answer after the start, in ms"
    for role in user product cart order gateway; do
        # shellcheck disable=SC2086 # variables
        times=$(for attempt in 1 2 3 4 5; do
            env VITRINE_LAB=1 VITRINE_LOOPS=1 VITRINE_PORT=21600 VITRINE_ADMIN_PORT=22600 VITRINE_DATA="$work/start" \
                INTERNAL_AUTH_TOKEN="$internal_token" OTEL_TRACES_EXPORTER=none OTEL_LOG_LEVEL=error \
                VITRINE_USER_URL=http://127.0.0.1:21601 VITRINE_PRODUCT_URL=http://127.0.0.1:21602 \
                VITRINE_CART_URL=http://127.0.0.1:21603 VITRINE_ORDER_URL=http://127.0.0.1:21604 \
                taskset -c 0 "$load_generator" first-answer --port 21600 --path /health/live -- "$server" "$role" \
                2>>"$work/start.err" || echo failed
        done)
        case "$times" in
            *failed*)
                cat "$work/start.err" >&2
                failed=1
                ;;
            *) printf '  %-32s %8s   (the first, with its migrations: %s)\n' "$role" \
                "$(echo "$times" | sort -n | sed -n 3p)" "$(echo "$times" | sed -n 1p)" ;;
        esac
    done
}

# counted ROLE NAME CORE PORT DATA [VARIABLE=VALUE...]: the same as serve, with counted allocations.
counted() {
    counted_name=$2
    set -- "$@" VITRINE_BENCH_ALLOCATIONS="$work/$counted_name.allocations"
    server=$bin/bench-server-counting
    serve "$@"
    server=$bin/bench-server
}

# The first two 64-bit numbers of the file: calls and bytes.
counts() { od -A n -t u8 -N 16 "$work/$1.allocations"; }

# per_request NAME PROCESS URL LUA: records allocations and bytes per request.
per_request() {
    load 1 "$3" "$4"
    # shellcheck disable=SC2046 # two numbers
    set -- "$1" "$2" "$3" "$4" $(counts "$2")
    load 2 "$3" "$4"
    # shellcheck disable=SC2046 # two numbers
    set -- "$1" "$2" "$5" "$6" $(counts "$2")
    if [ "$requests" -eq 0 ] || [ $((refused + broken)) -gt 0 ]; then
        echo "bench: allocations, $1: $requests answers, $refused of them no success" >&2
        failed=1
    fi
    awk -v name="$1" "BEGIN { printf \"%.1f %.0f %s\\n\", ($5 - $3) / $requests, ($6 - $4) / $requests, name }" \
        >>"$work/allocations"
}

allocations() {
    echo "  allocations" >&2
    as_service
    counted plaintext counted_plain 0 21701 "$work/counted"
    per_request "plain text" counted_plain http://127.0.0.1:21701/plaintext "$work/service.lua"
    stop "$pid_counted_plain"

    cp -r "$work/shop" "$work/counted_shop"
    counted product counted_product 0 "$product_port" "$work/counted_shop"
    per_request "list of 20 products" counted_product "http://127.0.0.1:$product_port/api/v1/products?limit=20" \
        "$work/service.lua"
    per_request "product by id" counted_product "http://127.0.0.1:$product_port/api/v1/products/$product_id" \
        "$work/service.lua"

    counted cart counted_cart 0 "$cart_port" "$work/counted_shop"
    cart_request
    per_request "add to cart" counted_cart "http://127.0.0.1:$cart_port/api/v1/cart/items" "$work/cart.lua"

    counted gateway counted_gateway 0 21704 "$work/counted_shop"
    request "$work/customer.lua" GET "" "authorization: Bearer $customer_token"
    per_request "gateway hop" counted_gateway "http://127.0.0.1:21704/api/v1/products/$product_id" "$work/customer.lua"

    counted order counted_order 0 "$order_port" "$work/counted_shop"
    order_request
    per_request "checkout, order service" counted_order "http://127.0.0.1:21704/api/v1/orders" "$work/order.lua"
    stop "$pid_counted_gateway" "$pid_counted_order" "$pid_counted_cart" "$pid_counted_product"
    compare_allocations Benchmarks/Baseline/requests.txt
}

# compare_allocations FILE: prints them beside the baseline; more than it allows fails the run.
compare_allocations() {
    if [ -n "$accept" ]; then
        {
            echo "# Allocations of one request, by scripts/bench.sh --accept-allocations. More of them fail \`make bench\`."
            awk '{ count = $1; $1 = $2 = ""; sub(/^ */, ""); print count, $0 }' "$work/allocations"
        } >"$1"
    fi
    echo
    printf '%-34s %12s %10s %10s\n' "a request's allocations" calls allowed bytes
    # What exporters and timers allocate is shared by all requests of a second, so the counts vary by a few tenths.
    awk '
        FNR == NR { if (!/^#/) { count = $1; $1 = ""; sub(/^ */, ""); allowed[$0] = count } next }
        {
            count = $1; bytes = $2; $1 = $2 = ""; sub(/^ */, "")
            printf "  %-32s %12s %10s %10s\n", $0, count, ($0 in allowed) ? allowed[$0] : "-", bytes
            if (!($0 in allowed)) { print "bench: the baseline does not know: " $0 | "cat >&2"; status = 1 }
            else if (count > allowed[$0] * 1.02 + 0.5) { print "bench: " $0 ": " count " allocations a request, " allowed[$0] " allowed" | "cat >&2"; status = 1 }
        }
        END { exit status }' "$1" "$work/allocations" || failed=1
}
