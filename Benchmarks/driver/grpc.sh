# Unary calls of gRPC between two processes, 8 connections of 8 calls each: our server and client and those of gRPC's C++,
# in all four pairings, and h2load against both servers. Sourced by scripts/bench.sh; POSIX sh.
# Every round becomes a line of $work/calls: pairing, metric, round, value, between tabs.

calls_connections=8
calls_on_each=8

note_call() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$round" "$3" >>"$work/calls"; }

# pairing NAME PORT SERVER-PID COMMAND...: one round; the command prints its SUMMARY.
pairing() {
    pairing_name=$1 pairing_port=$2 pairing_pid=$3
    shift 3
    pairing_before=$(cpu_ticks "$pairing_pid")
    pairing_line=$(taskset -c 1 "$@" "$pairing_port" "$seconds" $calls_connections $calls_on_each "$internal_token" |
        sed -n 's/^SUMMARY //p')
    pairing_used=$(($(cpu_ticks "$pairing_pid") - pairing_before))
    # shellcheck disable=SC2086 # numbers: calls, microseconds, failures, processor microseconds, p50, p99
    set -- ${pairing_line:-0 1 1 0 0 0}
    if [ "$1" -eq 0 ] || [ "$3" -gt 0 ]; then
        echo "bench: grpc, $pairing_name: $1 calls, $3 of them failed" >&2
        failed=1
        return 0
    fi
    note_call "$pairing_name" rate "$(awk "BEGIN { print $1 * 1e6 / $2 }")"
    # The warm-up of 0.3 s counts for the server and not for the calls: it is taken off by its share of the time.
    note_call "$pairing_name" server \
        "$(awk "BEGIN { print $pairing_used * 1e6 / $ticks_per_second * ($2 / ($2 + 3e5)) / $1 }")"
    note_call "$pairing_name" client "$(awk "BEGIN { print $4 / $1 }")"
    note_call "$pairing_name" p50 "$5"
    note_call "$pairing_name" p99 "$6"
}

# with_h2load NAME PORT SERVER-PID: one round of h2load, whose own time is not taken.
with_h2load() {
    h2load_before=$(cpu_ticks "$3")
    h2load_text=$(taskset -c 1 h2load -c $calls_connections -m $calls_on_each -D "$seconds" -d "$work/message" \
        -H 'content-type: application/grpc' -H 'te: trailers' -H "x-internal-token: $internal_token" \
        "http://127.0.0.1:$2/bench.v1.Echo/Say" 2>&1)
    h2load_used=$(($(cpu_ticks "$3") - h2load_before))
    h2load_calls=$(echo "$h2load_text" | sed -n 's/^requests: .* \([0-9]*\) succeeded.*/\1/p')
    [ "${h2load_calls:-0}" -gt 0 ] || {
        echo "bench: grpc, $1: no answers" >&2
        failed=1
        return 0
    }
    note_call "$1" rate "$(awk "BEGIN { print $h2load_calls / $seconds }")"
    note_call "$1" server "$(awk "BEGIN { print $h2load_used * 1e6 / $ticks_per_second / $h2load_calls }")"
}

grpc_calls() {
    echo "  grpc" >&2
    mkdir -p "$work/cpp"
    sh Benchmarks/grpc-cpp/build.sh "$work/cpp"
    # 32 bytes under field 1, behind the prefix of a message.
    { printf '\0\0\0\0\042\012\040'; printf '%032d' 0; } >"$work/message"
    serve echo calls_on 0 21901 "$work/calls_on"
    # shellcheck disable=SC2086 # variables
    serve echo calls_off 0 21902 "$work/calls_off" $quiet
    start calls_cpp 0 "$work/cpp/echo_server" 21903
    pid_calls_cpp=$started
    for round in $(seq "$rounds"); do
        pairing "C++ server, C++ client" 21903 "$pid_calls_cpp" "$work/cpp/echo_client"
        pairing "vitrine, C++ client" 21901 "$pid_calls_on" "$work/cpp/echo_client"
        pairing "vitrine, telemetry off, C++ client" 21902 "$pid_calls_off" "$work/cpp/echo_client"
        pairing "C++ server, our client" 21903 "$pid_calls_cpp" "$bin/bench-calls"
        pairing "vitrine, our client" 21901 "$pid_calls_on" "$bin/bench-calls"
        pairing "vitrine, telemetry off, our client" 21902 "$pid_calls_off" "$bin/bench-calls"
        with_h2load "C++ server, h2load" 21903 "$pid_calls_cpp"
        with_h2load "vitrine, h2load" 21901 "$pid_calls_on"
        with_h2load "vitrine, telemetry off, h2load" 21902 "$pid_calls_off"
    done
    [ -z "$profile" ] || profile_calls
    drops calls_on 21901
    stop "$pid_calls_on" "$pid_calls_off" "$pid_calls_cpp"
}

# One more round with perf looking at our server without telemetry.
profile_calls() {
    mkdir -p "$profile"
    perf record -q -F 1999 -g -p "$pid_calls_off" -o "$profile/grpc.data" >/dev/null 2>&1 &
    perf_id=$!
    round=0
    with_h2load "profiled" 21902 "$pid_calls_off"
    kill -INT "$perf_id"
    wait "$perf_id" || true
    perf report -i "$profile/grpc.data" --stdio --no-children -g none --percent-limit 0.3 2>/dev/null |
        sed '/^#/d;/^$/d' >"$profile/grpc.txt"
}
