# Medians over the rounds of what grpc.sh notes. Behind median.awk.
BEGIN { FS = "\t" }

$3 > 0 {
    if (!($1 in seen)) { seen[$1] = 1; order[++names] = $1 }
    value[$1, $2, ++count[$1, $2]] = $4
}

function median(name, metric, format,    values, i) {
    if (!count[name, metric]) return "-"
    for (i = 1; i <= count[name, metric]; i++) values[i] = value[name, metric, i]
    return sprintf(format, sortAndTake(values, count[name, metric]))
}

END {
    printf "%-36s %10s %10s %10s %8s %8s\n", "gRPC, unary, 8 connections of 8", "calls/s", "server us", "client us", "p50 us", "p99 us"
    for (i = 1; i <= names; i++)
        printf "  %-34s %10s %10s %10s %8s %8s\n", order[i], median(order[i], "rate", "%.0f"), median(order[i], "server", "%.1f"), \
            median(order[i], "client", "%.1f"), median(order[i], "p50", "%d"), median(order[i], "p99", "%d")
}
