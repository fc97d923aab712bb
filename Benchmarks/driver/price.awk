# What each signal costs, from the lines that measure.sh writes for the variants of price.sh. Behind median.awk.
BEGIN { FS = "\t" }

$1 == "the price of seeing everything" {
    if ($3 == "cpu:product") $3 = "cpu"
    value[$2, $3, $4] = $5
    if ($4 > rounds) rounds = $4
}

# The median over the rounds of `name`'s figure, or of how it relates to that of `other`.
function over(name, metric, other, relation,    values, round, count, one, two) {
    for (round = 1; round <= rounds; round++) {
        if (!((name, metric, round) in value)) continue
        one = value[name, metric, round]
        two = value[other, metric, round]
        if (relation == "ratio" && two == 0) continue
        values[++count] = relation == "ratio" ? one / two : relation == "difference" ? one - two : one
    }
    return count ? sortAndTake(values, count) : 0
}

function compare(title, metric, format, sign, goal,    ratio) {
    ratio = over("everything", metric, "disabled", "ratio")
    printf "  %-32s %10s %10s %8.2f   goal %s %.2f%s\n", title, sprintf(format, over("everything", metric)), \
        sprintf(format, over("disabled", metric)), ratio, sign, goal, \
        (sign == ">=" ? ratio >= goal : ratio <= goal) ? "" : ", missed"
}

function signal(title, more, less,    cost) {
    cost = over(more, "cpu", less, "difference")
    printf "  %-32s %10.1f %9.1f %%\n", title, cost, 100 * cost / all
}

END {
    printf "%-34s %10s %10s %8s\n", "the price of seeing everything", "all on", "disabled", "ratio"
    compare("requests a second", "rps", "%.0f", ">=", 0.9)
    compare("p99 us at " value["everything", "rate", 1] "/s", "p99", "%d", "<=", 1.1)
    compare("CPU us a request", "cpu", "%.1f", "<=", 1.1)
    all = over("everything", "cpu")
    if (all == 0) exit
    printf "\n%-34s %10s %11s\n", "CPU us a request", "", "of all"
    printf "  %-32s %10.1f %9.1f %%\n", "everything", all, 100
    signal("exporting spans", "everything", "no export of spans")
    signal("recording spans, with exemplars", "no export of spans", "no spans")
    signal("log lines", "everything", "no lines")
    signal("metrics and the rest", "no signals", "disabled")
    signal("all of them at once", "everything", "disabled")
    signal("OTLP log records, on top", "with OTLP log records", "everything")
}
