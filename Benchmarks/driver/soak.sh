# The shop under a load that goes on. Sourced by scripts/soak.sh; POSIX sh.

# Requests a second through the gateway: together about half of what one core bears on the reference machine.
list_rate=1000
product_rate=1500
cart_rate=100
order_rate=40
login_rate=1
slice_seconds=10
# Of a short run, so that each tenth of it holds a sample.
slice_seconds_short=5
# Tokens live for an hour.
slices_per_token=120
slice_pids=""

start_shop() {
    start sink 1 env VITRINE_PORT="$sink_port" "$server" sink
    watched=""
    build_shop
    # The user service of build_shop is on core 1; here it belongs to the shop.
    # shellcheck disable=SC2154 # set by serve
    stop "$pid_user"
    for role in user product cart order; do
        eval "role_port=\$${role}_port"
        serve "$role" "$role" 0 "$role_port" "$work/shop"
        watched="$role=$started $watched"
    done
    serve gateway gateway 0 "$gateway_port" "$work/shop"
    watched="gateway=$started $watched"
    # What is in the cart can have its quantity set.
    curl -sf -o /dev/null -H "authorization: Bearer $customer_token" -H 'content-type: application/json' \
        -d "{\"product_id\":\"$product_id\",\"quantity\":1}" "http://127.0.0.1:$gateway_port/api/v1/cart/items"
}

# requests NAME RATE CONNECTIONS PATH ARGUMENTS...: one slice of one kind, in the background.
requests() {
    requests_name=$1 requests_rate=$2 requests_connections=$3 requests_path=$4
    shift 4
    taskset -c 1 "$load_generator" latency --port "$gateway_port" --path "$requests_path" --rate "$requests_rate" \
        --connections "$requests_connections" --seconds "$slice_seconds" --warm-up 0 "$@" \
        >>"$work/load.$requests_name" 2>>"$work/load.err" &
    slice_pids="$slice_pids $!"
}

begin_slice() {
    requests lists "$list_rate" 8 "/api/v1/products?limit=20"
    requests products "$product_rate" 8 "/api/v1/products/$product_id"
    requests carts "$cart_rate" 4 /api/v1/cart/items --method PUT --field "authorization: Bearer $customer_token" \
        --body "{\"product_id\":\"$product_id\",\"quantity\":2}"
    requests checkouts "$order_rate" 4 /api/v1/orders --method POST --field "authorization: Bearer $customer_token" \
        --body "{\"items\":[{\"product_id\":\"$product_id\",\"quantity\":1}],\"shipping_address\":\"1 Main Street\"}"
    requests logins "$login_rate" 1 /api/v1/auth/login --method POST \
        --body '{"email":"demo@vitrine.dev","password":"demo-password"}'
}

end_slice() {
    for slice_pid in $slice_pids; do
        if ! wait "$slice_pid"; then
            cat "$work/load.err" >&2
            exit 1
        fi
    done
    slice_pids=""
}

# Whatever of a slice still runs.
stop_slice() {
    # shellcheck disable=SC2086 # ids are meant to be split
    stop $slice_pids
    slice_pids=""
}

# One line for each process: role, seconds since the start, resident KiB, open descriptors, threads, clock ticks.
sample() {
    sample_time=$(($(date +%s) - soak_start))
    for process in $watched; do
        sample_pid=${process#*=}
        if [ ! -r "/proc/$sample_pid/stat" ]; then
            echo "soak: the ${process%%=*} service has ended" >&2
            cat "$work/${process%%=*}.err" >&2
            exit 1
        fi
        sample_descriptors=$(find "/proc/$sample_pid/fd" -mindepth 1 -maxdepth 1 | wc -l)
        awk -v role="${process%%=*}" -v time="$sample_time" -v descriptors="$sample_descriptors" \
            -v ticks="$(awk '{ print $14 + $15 }' "/proc/$sample_pid/stat")" '
            /^VmRSS/ { resident = $2 }
            /^Threads/ { threads = $2 }
            END { print role, time, resident, descriptors, threads, ticks }' "/proc/$sample_pid/status" >>"$work/samples"
    done
}

# soak SECONDS: slices of load without a pause, and a sample in the middle of each, while all connections are open.
soak() {
    [ "$1" -ge 300 ] || slice_seconds=$slice_seconds_short
    soak_start=$(date +%s)
    slices=$(($1 / slice_seconds))
    for number in $(seq "$slices"); do
        if [ $((number % slices_per_token)) -eq 0 ]; then
            customer_token=$(login demo@vitrine.dev demo-password)
        fi
        begin_slice
        sleep $((slice_seconds / 2))
        sample
        end_slice
    done
}

# answers: what was asked and how it went; fails when more than one in a thousand did.
answers() {
    echo
    awk '
        function named(what,    i) { for (i = 1; i < NF; i++) if ($i == what) return $(i + 1); return 0 }
        FNR == 1 { name = FILENAME; sub(/.*load\./, "", name); names[++count] = name }
        { rates[name] = named("rate"); answers[name] += named("answers"); failures[name] += named("failures")
          if (named("p99") > worst[name]) worst[name] = named("p99") }
        END {
            printf "%-12s %10s %10s %10s %16s\n", "requests", "a second", "answers", "failures", "worst p99, us"
            for (i = 1; i <= count; i++) {
                name = names[i]
                printf "  %-10s %10d %10d %10d %16d\n", name, rates[name], answers[name], failures[name], worst[name]
                if (failures[name] * 1000 > answers[name]) {
                    printf "soak: %d of %d %s failed\n", failures[name], answers[name], name | "cat >&2"
                    status = 1
                }
            }
            exit status
        }' "$work"/load.lists "$work"/load.products "$work"/load.carts "$work"/load.checkouts "$work"/load.logins
}
