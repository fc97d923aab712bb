# Measuring. Sourced by scripts/bench.sh; POSIX sh.
# A scenario names its subjects, then measures them in turn: A B C A B C, so that a neighbour's load meets all alike.
# Every figure becomes a line of $work/results: scenario, subject, metric, round, value, between tabs.

ticks_per_second=$(getconf CLK_TCK)

record() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" >>"$work/results"; }

# scenario NAME: begins one.
scenario() {
    scenario=$1
    subjects=0
    echo "  $scenario" >&2
}

# subject NAME URL "ROLE=PID ROLE=PID..." [LUA]: what is measured, and the processes whose time counts.
subject() {
    subjects=$((subjects + 1))
    eval "subject_name_$subjects=\$1 subject_url_$subjects=\$2 subject_pids_$subjects=\$3 subject_lua_$subjects=\${4:-}"
}

# request FILE METHOD BODY 'name: value'...: writes the wrk script of one request.
request() {
    request_file=$1
    {
        printf 'wrk.method = "%s"\n' "$2"
        if [ -n "$3" ]; then
            printf 'wrk.body = [==[%s]==]\nwrk.headers["content-type"] = "application/json"\n' "$3"
        fi
        shift 3
        for request_field in "$@"; do
            printf 'wrk.headers["%s"] = "%s"\n' "${request_field%%: *}" "${request_field#*: }"
        done
        cat "$driver/summary.lua"
    } >"$request_file"
}

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
resident_kib() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }

# load SECONDS URL LUA: one wrk run; sets requests, microseconds, refused, broken.
load() {
    summary=$(taskset -c 1 wrk -t1 -c64 -d"$1s" --timeout 5s -s "$3" "$2" | sed -n 's/^SUMMARY //p')
    # shellcheck disable=SC2086 # four numbers
    set -- $summary
    requests=${1:-0} microseconds=${2:-1} refused=${3:-0} broken=${4:-0}
}

# measure: all subjects, a warm-up and then the rounds.
measure() {
    for index in $(seq "$subjects"); do
        eval "name=\$subject_name_$index url=\$subject_url_$index processes=\$subject_pids_$index lua=\$subject_lua_$index"
        sleep 0.2
        for process in $processes; do record "$scenario" "$name" "rest:${process%%=*}" 0 "$(resident_kib "${process#*=}")"; done
        load 1 "$url" "${lua:-$driver/summary.lua}"
    done
    for round in $(seq "$rounds"); do
        for index in $(seq "$subjects"); do
            eval "name=\$subject_name_$index url=\$subject_url_$index processes=\$subject_pids_$index lua=\$subject_lua_$index"
            before=""
            for process in $processes; do before="$before $(cpu_ticks "${process#*=}")"; done
            load "$seconds" "$url" "${lua:-$driver/summary.lua}"
            if [ "$requests" -eq 0 ] || [ $((refused + broken)) -gt $((requests / 1000)) ]; then
                echo "bench: $scenario, $name: $requests answers, $refused of them no success, $broken connections broken" >&2
                failed=1
            fi
            record "$scenario" "$name" rps "$round" "$(awk "BEGIN { print $requests * 1e6 / $microseconds }")"
            # shellcheck disable=SC2086 # numbers
            set -- $before
            for process in $processes; do
                used=$(($(cpu_ticks "${process#*=}") - $1))
                shift
                record "$scenario" "$name" "cpu:${process%%=*}" "$round" \
                    "$(awk "BEGIN { print $used * 1e6 / $ticks_per_second / ($requests > 0 ? $requests : 1) }")"
            done
        done
    done
    [ -z "$profile" ] || profile_subjects
    for index in $(seq "$subjects"); do
        eval "name=\$subject_name_$index processes=\$subject_pids_$index"
        for process in $processes; do record "$scenario" "$name" "loaded:${process%%=*}" 0 "$(resident_kib "${process#*=}")"; done
    done
}

# One more round for each process, with perf looking on.
profile_subjects() {
    mkdir -p "$profile"
    for index in $(seq "$subjects"); do
        eval "name=\$subject_name_$index url=\$subject_url_$index processes=\$subject_pids_$index lua=\$subject_lua_$index"
        for process in $processes; do
            data=$profile/$(printf '%s-%s-%s' "$scenario" "$name" "${process%%=*}" | tr -cs 'A-Za-z0-9\n' '-')
            perf record -q -F 1999 -g -p "${process#*=}" -o "$data.data" >/dev/null 2>&1 &
            perf_id=$!
            load "$seconds" "$url" "${lua:-$driver/summary.lua}"
            kill -INT "$perf_id"
            wait "$perf_id" || true
            perf report -i "$data.data" --stdio --no-children -g none --percent-limit 0.3 2>/dev/null |
                sed '/^#/d;/^$/d' >"$data.txt"
        done
    done
}

# latency NAME RATE PORT PATH ARGUMENTS...: an open loop at a fixed rate.
latency() {
    latency_name=$1 latency_rate=$2 latency_port=$3 latency_path=$4
    shift 4
    for round in $(seq "$rounds"); do latency_round "$@"; done
}

# latency_round ARGUMENTS...: one round of what the latency_ variables say.
latency_round() {
    line=$(taskset -c 1 "$load_generator" latency --port "$latency_port" --path "$latency_path" \
        --rate "$latency_rate" --seconds "$seconds" "$@")
    # shellcheck disable=SC2086 # pairs of name and value
    set_latency $line
}

set_latency() {
    while [ $# -ge 2 ]; do
        case "$1" in p50 | p99 | p99.9 | failures | rate) record "$scenario" "$latency_name" "$1" "$round" "$2" ;; esac
        shift 2
    done
}
