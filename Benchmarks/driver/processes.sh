# Starting, finding and ending processes. Sourced by scripts/bench.sh; POSIX sh.
# Every process is started here, bound to 127.0.0.1, and ended by its own id when the script ends, however that comes.

pids=""

# start NAME CORE COMMAND...: sets started to its id. taskset and env replace themselves, so the id is the command's.
start() {
    start_name=$1
    start_core=$2
    shift 2
    taskset -c "$start_core" "$@" >/dev/null 2>"$work/$start_name.err" &
    started=$!
    pids="$started $pids"
}

# stop PID...: lets them drain.
stop() {
    for stop_pid in "$@"; do
        kill "$stop_pid" 2>/dev/null || continue
        wait "$stop_pid" 2>/dev/null || true
    done
}

stop_all() {
    # shellcheck disable=SC2086 # ids are meant to be split
    stop $pids
    pids=""
}

# serve ROLE NAME CORE PORT DATA [VARIABLE=VALUE...]: a platform process with one loop, everything recorded and exported,
# unless the variables say otherwise.
serve() {
    serve_role=$1 serve_name=$2 serve_core=$3 serve_port=$4 serve_data=$5
    shift 5
    start "$serve_name" "$serve_core" env \
        VITRINE_LAB=1 VITRINE_LOOPS=1 VITRINE_HOST=127.0.0.1 VITRINE_PORT="$serve_port" \
        VITRINE_ADMIN_PORT=$((serve_port + 1000)) VITRINE_DATA="$serve_data" VITRINE_BCRYPT_COST=10 \
        INTERNAL_AUTH_TOKEN="$internal_token" \
        VITRINE_RATE_LIMIT_ADDRESS=1000000 VITRINE_RATE_LIMIT_ADDRESS_BURST=1000000 \
        VITRINE_RATE_LIMIT_USER=1000000 VITRINE_RATE_LIMIT_USER_BURST=1000000 VITRINE_LOGIN_ATTEMPTS_MAX=1000 \
        VITRINE_ACCESS_TOKEN_LIFETIME=1h \
        VITRINE_USER_URL="http://127.0.0.1:$user_port" VITRINE_PRODUCT_URL="http://127.0.0.1:$product_port" \
        VITRINE_CART_URL="http://127.0.0.1:$cart_port" VITRINE_ORDER_URL="http://127.0.0.1:$order_port" \
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$sink_port" OTEL_BSP_SCHEDULE_DELAY=1000 \
        "$@" "$server" "$serve_role"
    eval "pid_$serve_name=$started"
    await "$serve_name" "http://127.0.0.1:$serve_port/health/live"
}

# Variables that switch telemetry off.
quiet="OTEL_SDK_DISABLED=true OTEL_LOG_LEVEL=error"

# await NAME URL: until it answers with success, for 10 s at most.
await() {
    await_tries=0
    until curl -sf -o /dev/null "$2"; do
        await_tries=$((await_tries + 1))
        if [ "$await_tries" -ge 200 ]; then
            echo "bench: $1 does not answer at $2" >&2
            cat "$work/$1.err" >&2
            exit 1
        fi
        sleep 0.05
    done
}

# nginx NAME CORE PORT SERVER-BLOCK: one worker without a log, in one process.
nginx_start() {
    mkdir -p "$work/$1"
    cat >"$work/$1/nginx.conf" <<CONF
worker_processes 1; daemon off; master_process off; pid $work/$1/pid; error_log stderr error;
events { worker_connections 1024; }
http {
    access_log off; keepalive_requests 1000000000; server_tokens off;
    client_body_temp_path $work/$1; proxy_temp_path $work/$1; fastcgi_temp_path $work/$1;
    uwsgi_temp_path $work/$1; scgi_temp_path $work/$1;
    upstream plain { server 127.0.0.1:$upstream_port; keepalive 128; keepalive_requests 1000000000; }
    server {
        listen 127.0.0.1:$3;
        location = /health/live { return 200; }
        $4
    }
}
CONF
    start "$1" "$2" nginx -p "$work/$1" -c "$work/$1/nginx.conf"
    eval "pid_$1=$started"
    await "$1" "http://127.0.0.1:$3/health/live"
}
