# What is measured. Sourced by scripts/bench.sh; POSIX sh. Servers on core 0, everything else on core 1.

as_service() { request "$work/service.lua" GET "" "x-internal-token: $internal_token"; }

plain_text() {
    nginx_start nginx_plain 0 21100 "location = /plaintext { default_type text/plain; return 200 'Hello, world!'; }"
    serve plaintext plain_on 0 21101 "$work/plain_on"
    # shellcheck disable=SC2086 # variables
    serve plaintext plain_off 0 21102 "$work/plain_off" $quiet
    serve plaintext plain_lines 0 21103 "$work/plain_lines" OTEL_LOGS_EXPORTER=none
    as_service
    scenario "plain text"
    subject nginx http://127.0.0.1:21100/plaintext "nginx=$pid_nginx_plain" "$work/service.lua"
    subject "vitrine" http://127.0.0.1:21101/plaintext "server=$pid_plain_on" "$work/service.lua"
    subject "vitrine, log lines not exported" http://127.0.0.1:21103/plaintext "server=$pid_plain_lines" "$work/service.lua"
    subject "vitrine, telemetry off" http://127.0.0.1:21102/plaintext "server=$pid_plain_off" "$work/service.lua"
    measure
    latency nginx 5000 21100 /plaintext --field "x-internal-token: $internal_token"
    latency "vitrine" 5000 21101 /plaintext --field "x-internal-token: $internal_token"
    drops plain_on 21101
    stop "$pid_nginx_plain" "$pid_plain_on" "$pid_plain_lines" "$pid_plain_off"
}

# start_products: two product services over copies of the same catalogue, and nginx with the same bytes.
start_products() {
    cp -r "$work/shop" "$work/shop_on"
    cp -r "$work/shop" "$work/shop_off"
    serve product product_on 0 21201 "$work/shop_on"
    # shellcheck disable=SC2086 # variables
    serve product product_off 0 21202 "$work/shop_off" $quiet
    for answer in "list /api/v1/products?limit=20" "one /api/v1/products/$product_id"; do
        curl -sf -H "x-internal-token: $internal_token" "http://127.0.0.1:21201${answer#* }" >"$work/${answer%% *}.json"
    done
    nginx_start nginx_products 0 21200 "default_type application/json;
        location = /api/v1/products { $(as_nginx_text "$work/list.json") }
        location = /api/v1/products/$product_id { $(as_nginx_text "$work/one.json") }"
    as_service
}

stop_products() { stop "$pid_nginx_products" "$pid_product_on" "$pid_product_off"; }

list_of_20() {
    scenario "list of 20 products ($(($(wc -c <"$work/list.json"))) bytes)"
    list_path="/api/v1/products?limit=20"
    subject nginx "http://127.0.0.1:21200$list_path" "nginx=$pid_nginx_products" "$work/service.lua"
    subject "vitrine" "http://127.0.0.1:21201$list_path" "product=$pid_product_on" "$work/service.lua"
    subject "vitrine, telemetry off" "http://127.0.0.1:21202$list_path" "product=$pid_product_off" "$work/service.lua"
    measure
    latency nginx 2000 21200 "$list_path" --field "x-internal-token: $internal_token"
    latency "vitrine" 2000 21201 "$list_path" --field "x-internal-token: $internal_token"
    drops product_on 21201
}

product_by_id() {
    scenario "product by id ($(($(wc -c <"$work/one.json"))) bytes)"
    one_path="/api/v1/products/$product_id"
    subject nginx "http://127.0.0.1:21200$one_path" "nginx=$pid_nginx_products" "$work/service.lua"
    subject "vitrine" "http://127.0.0.1:21201$one_path" "product=$pid_product_on" "$work/service.lua"
    subject "vitrine, telemetry off" "http://127.0.0.1:21202$one_path" "product=$pid_product_off" "$work/service.lua"
    measure
    latency nginx 3000 21200 "$one_path" --field "x-internal-token: $internal_token"
    latency "vitrine" 3000 21201 "$one_path" --field "x-internal-token: $internal_token"
}

cart_request() {
    request "$work/cart.lua" POST "{\"product_id\":\"$product_id\",\"quantity\":1}" \
        "x-internal-token: $internal_token" "authorization: Bearer $customer_token"
    # A line holds 999 of one product at most, so every 400th request empties the cart.
    cat >>"$work/cart.lua" <<'LUA'
local sent = 0
function request()
    sent = sent + 1
    if sent % 400 == 0 then return wrk.format("DELETE", "/api/v1/cart", nil, "") end
    return wrk.format()
end
LUA
}

add_to_cart() {
    cp -r "$work/shop" "$work/cart_product"
    serve product cart_product 1 "$product_port" "$work/cart_product" OTEL_TRACES_EXPORTER=none OTEL_LOG_LEVEL=error
    serve cart cart_on 0 21301 "$work/cart_on"
    # shellcheck disable=SC2086 # variables
    serve cart cart_off 0 21302 "$work/cart_off" $quiet
    cart_request
    scenario "add to cart (the product service asked each time)"
    subject "vitrine" http://127.0.0.1:21301/api/v1/cart/items "cart=$pid_cart_on" "$work/cart.lua"
    subject "vitrine, telemetry off" http://127.0.0.1:21302/api/v1/cart/items "cart=$pid_cart_off" "$work/cart.lua"
    measure
    latency "vitrine" 500 21301 /api/v1/cart/items --method PUT --field "x-internal-token: $internal_token" \
        --field "authorization: Bearer $customer_token" --body "{\"product_id\":\"$product_id\",\"quantity\":1}"
    drops cart_on 21301
    stop "$pid_cart_on" "$pid_cart_off" "$pid_cart_product"
}

# Both proxies before the same nginx, which returns a plain text: what counts is the proxy's own time.
gateway_hop() {
    nginx_start nginx_upstream 1 "$upstream_port" "location / { default_type text/plain; return 200 'Hello, world!'; }"
    nginx_start nginx_proxy 0 21400 'location / { proxy_pass http://plain; proxy_http_version 1.1; proxy_set_header Connection ""; }'
    serve gateway gateway_on 0 21401 "$work/gateway_on" VITRINE_PRODUCT_URL="http://127.0.0.1:$upstream_port"
    # shellcheck disable=SC2086 # variables
    serve gateway gateway_off 0 21402 "$work/gateway_off" VITRINE_PRODUCT_URL="http://127.0.0.1:$upstream_port" $quiet
    request "$work/customer.lua" GET "" "authorization: Bearer $customer_token"
    hop_path=/api/v1/products/$product_id
    scenario "gateway hop (token, limits, plain text behind)"
    subject nginx "http://127.0.0.1:21400$hop_path" "nginx=$pid_nginx_proxy" "$work/customer.lua"
    subject "vitrine" "http://127.0.0.1:21401$hop_path" "gateway=$pid_gateway_on" "$work/customer.lua"
    subject "vitrine, telemetry off" "http://127.0.0.1:21402$hop_path" "gateway=$pid_gateway_off" "$work/customer.lua"
    measure
    latency nginx 3000 21400 "$hop_path" --field "authorization: Bearer $customer_token"
    latency "vitrine" 3000 21401 "$hop_path" --field "authorization: Bearer $customer_token"
    drops gateway_on 21401
    stop "$pid_nginx_proxy" "$pid_gateway_on" "$pid_gateway_off" "$pid_nginx_upstream"
}

# What breaker, retry budget, load shedder and kept pages cost together: the same gateway with and without them.
layers() {
    nginx_start nginx_upstream 1 "$upstream_port" "location / { default_type text/plain; return 200 'Hello, world!'; }"
    serve gateway layers_on 0 21411 "$work/layers_on" VITRINE_PRODUCT_URL="http://127.0.0.1:$upstream_port"
    serve gateway layers_off 0 21412 "$work/layers_off" VITRINE_PRODUCT_URL="http://127.0.0.1:$upstream_port" \
        VITRINE_RESILIENCE=false
    request "$work/customer.lua" GET "" "authorization: Bearer $customer_token"
    hop_path=/api/v1/products/$product_id
    scenario "layers of resilience (gateway hop)"
    subject "with" "http://127.0.0.1:21411$hop_path" "gateway=$pid_layers_on" "$work/customer.lua"
    subject "without" "http://127.0.0.1:21412$hop_path" "gateway=$pid_layers_off" "$work/customer.lua"
    measure
    stop "$pid_layers_on" "$pid_layers_off" "$pid_nginx_upstream"
    layers_report >>"$work/layers"
}

layers_report() {
    awk -f $driver/median.awk -f $driver/layers.awk "$work/results"
}

order_request() {
    request "$work/order.lua" POST \
        "{\"items\":[{\"product_id\":\"$product_id\",\"quantity\":1}],\"shipping_address\":\"1 Main Street\"}" \
        "authorization: Bearer $customer_token"
}

# All five processes share core 0; their times add up.
whole_shop() {
    cp -r "$work/shop" "$work/whole"
    serve product whole_product 0 "$product_port" "$work/whole"
    serve cart whole_cart 0 "$cart_port" "$work/whole"
    serve order whole_order 0 "$order_port" "$work/whole"
    serve gateway whole_gateway 0 21500 "$work/whole"
    request "$work/customer.lua" GET "" "authorization: Bearer $customer_token"
    order_request
    scenario "through the gateway"
    subject "list of 20 products" "http://127.0.0.1:21500/api/v1/products?limit=20" \
        "gateway=$pid_whole_gateway product=$pid_whole_product" "$work/customer.lua"
    subject "product by id" "http://127.0.0.1:21500/api/v1/products/$product_id" \
        "gateway=$pid_whole_gateway product=$pid_whole_product" "$work/customer.lua"
    subject "checkout" http://127.0.0.1:21500/api/v1/orders \
        "gateway=$pid_whole_gateway order=$pid_whole_order product=$pid_whole_product cart=$pid_whole_cart user=$pid_user" \
        "$work/order.lua"
    measure
    latency "product by id" 2000 21500 "/api/v1/products/$product_id" --field "authorization: Bearer $customer_token"
    latency "checkout" 50 21500 /api/v1/orders --method POST --field "authorization: Bearer $customer_token" \
        --body "{\"items\":[{\"product_id\":\"$product_id\",\"quantity\":1}],\"shipping_address\":\"1 Main Street\"}"
    stop "$pid_whole_gateway" "$pid_whole_order" "$pid_whole_cart" "$pid_whole_product"
}

# drops NAME PORT: says so when telemetry was lost under load.
drops() {
    curl -sf "http://127.0.0.1:$(($2 + 1000))/metrics" | awk -v name="$1" '
        /^otel_sdk_processor_span_processed_total/ { if (/error_type="[^"]/) lost += $NF; else kept += $NF }
        /^otel_sdk_processor_log_processed_total/ { if (/error_type="[^"]/) records += $NF }
        /lines_dropped_total/ { lines += $NF }
        END { if (lost + lines + records > 0) printf "    %s under saturation: %d of %d spans, %d log lines and %d exports of lines dropped\n", name, lost, lost + kept, lines, records }' >&2
}
