# A shop to measure: accounts, tokens, a catalogue of exactly 1,000 products. Sourced by scripts/bench.sh; POSIX sh.

field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

login() {
    curl -sf -H "x-internal-token: $internal_token" -H 'content-type: application/json' \
        -d "{\"email\":\"$1\",\"password\":\"$2\"}" "http://127.0.0.1:$user_port/api/v1/auth/login" | field access_token
}

# Starts the user service for good, and fills the product service's database once.
build_shop() {
    env VITRINE_LAB=1 VITRINE_LOOPS=1 VITRINE_BCRYPT_COST=10 VITRINE_DATA="$work/shop" OTEL_TRACES_EXPORTER=none \
        INTERNAL_AUTH_TOKEN="$internal_token" "$server" accounts >/dev/null
    serve user user 1 "$user_port" "$work/shop"
    admin_token=$(login admin@vitrine.dev admin-password)
    customer_token=$(login demo@vitrine.dev demo-password)
    if [ -z "$admin_token" ] || [ -z "$customer_token" ]; then
        echo "bench: cannot log in" >&2
        exit 1
    fi
    serve product seeding 1 "$product_port" "$work/shop" OTEL_TRACES_EXPORTER=none OTEL_LOG_LEVEL=error
    seed_catalogue
    product_id=$(curl -sf -H "x-internal-token: $internal_token" \
        "http://127.0.0.1:$product_port/api/v1/products?limit=1" | sed -n 's/.*"items":\[{"id":"\([^"]*\)".*/\1/p')
    # shellcheck disable=SC2154 # set by serve
    stop "$pid_seeding"
}

# One curl process for all requests.
seed_catalogue() {
    {
        post "/api/v1/categories" '{"name":"Everything","slug":"everything"}'
        awk 'BEGIN { for (i = 1; i <= 1000; i++) print i }' | while read -r number; do
            post "/api/v1/products" "{\"name\":\"Product number $number\",\"description\":\"A believable thing to buy, made with care and kept in stock.\",\"price\":$number.99,\"stock_quantity\":1000000,\"category\":\"everything\"}"
        done
    } | sed 1d >"$work/seed.curl"
    if ! curl -sf --parallel-max 1 -K "$work/seed.curl" >/dev/null; then
        echo "bench: the catalogue cannot be seeded" >&2
        exit 1
    fi
}

# post PATH JSON: one request of a curl configuration file.
post() {
    printf 'next\nurl = "http://127.0.0.1:%s%s"\nheader = "x-internal-token: %s"\nheader = "authorization: Bearer %s"\n' \
        "$product_port" "$1" "$internal_token" "$admin_token"
    printf 'header = "content-type: application/json"\ndata = "%s"\noutput = "/dev/null"\n' \
        "$(printf '%s' "$2" | sed 's/"/\\"/g')"
}

# as_nginx_text FILE: nginx statements that return the file's bytes. A parameter may have 4,096 bytes at most.
as_nginx_text() {
    LC_ALL=C awk '
        { text = text (NR > 1 ? "\n" : "") $0 }
        END {
            for (part = 0; length(text) > 0; part++) {
                piece = substr(text, 1, 1800); text = substr(text, 1801)
                gsub(/\\/, "\\\\", piece); gsub(/\047/, "\\\047", piece)
                printf "set $part%d \047%s\047; ", part, piece
                all = all "${part" part "}"
            }
            printf "return 200 \"%s\";", all
        }' "$1"
}
