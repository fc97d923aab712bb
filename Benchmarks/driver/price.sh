# The price of seeing everything: the list of 20 products with every signal on, beside the same binary with fewer, and with
# none. Sourced by scripts/bench.sh; POSIX sh.
#
# Each variant is a process of its own over a copy of the same catalogue, measured in turn: A B C A B C. What a signal
# costs is the difference between two variants of the same round (price.awk):
#
#   exporting spans      everything - no export of spans
#   recording spans      no export of spans - no spans. Exemplars with them: only a sampled span leaves one.
#   log lines            everything - no lines
#   metrics and the rest no signals - disabled
#   OTLP log records     with OTLP log records - everything: what exporting each line besides writing it costs
#
# Everything is what the design calls "all on": every span exported, every request logged, every metric on.

price_rate=5000

# variant NAME PORT [VARIABLE=VALUE...]: serves one and makes it a subject.
variant() {
    variant_name=$1 variant_port=$2
    shift 2
    cp -r "$work/shop" "$work/price_$variant_port"
    serve product "price_$variant_port" 0 "$variant_port" "$work/price_$variant_port" "$@"
    price_pids="$price_pids $started"
    subject "$variant_name" "http://127.0.0.1:$variant_port$price_path" "product=$started" "$work/service.lua"
}

price_of_seeing() {
    price_path="/api/v1/products?limit=20"
    price_pids=""
    as_service
    scenario "the price of seeing everything"
    variant "everything" 21801 OTEL_LOGS_EXPORTER=none
    # shellcheck disable=SC2086 # variables
    variant "disabled" 21802 $quiet
    variant "no export of spans" 21803 OTEL_LOGS_EXPORTER=none OTEL_TRACES_EXPORTER=none
    variant "no spans" 21804 OTEL_LOGS_EXPORTER=none OTEL_TRACES_EXPORTER=none OTEL_TRACES_SAMPLER=always_off
    variant "with OTLP log records" 21805
    variant "no lines" 21806 OTEL_LOGS_EXPORTER=none OTEL_LOG_LEVEL=error
    variant "no signals" 21807 OTEL_TRACES_EXPORTER=none OTEL_TRACES_SAMPLER=always_off OTEL_LOG_LEVEL=error
    measure
    latency_rate=$price_rate latency_path=$price_path
    for round in $(seq "$rounds"); do
        for latency_name in everything disabled; do
            case $latency_name in everything) latency_port=21801 ;; *) latency_port=21802 ;; esac
            latency_round --field "x-internal-token: $internal_token"
        done
    done
    drops "price_21801" 21801
    # shellcheck disable=SC2086 # ids are meant to be split
    stop $price_pids
}
