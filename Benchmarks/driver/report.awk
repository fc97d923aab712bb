# Medians over the rounds, and ratios to nginx of the same round, from the lines that measure.sh writes.
# Behind median.awk.
BEGIN { FS = "\t" }

{
    key = $1 SUBSEP $2
    if (!(key in seen)) { seen[key] = 1; order[++keys] = key; scenarioOf[key] = $1; nameOf[key] = $2 }
    split($3, metric, ":")
    if (metric[1] == "cpu" || metric[1] == "rest" || metric[1] == "loaded") {
        # Processes of one subject add up; each is kept besides.
        total[key, metric[1], $4] += $5
        if (!((key, metric[1], $4) in had)) { had[key, metric[1], $4] = 1; rounds[key, metric[1]]++ ; place[key, metric[1], rounds[key, metric[1]]] = $4 }
        single[key, $3, ++singles[key, $3]] = $5
        if (metric[1] == "cpu" && singles[key, $3] == 1) processes[key] = processes[key] " " metric[2]
    } else {
        total[key, $3, $4] = $5
        if (!((key, $3, $4) in had)) { had[key, $3, $4] = 1; rounds[key, $3]++; place[key, $3, rounds[key, $3]] = $4 }
    }
}

function median(key, metric,    values, i, count) {
    count = rounds[key, metric]
    if (!count) return ""
    for (i = 1; i <= count; i++) values[i] = total[key, metric, place[key, metric, i]]
    return sortAndTake(values, count)
}

function medianOf(key, metric,    values, i, count) {
    count = singles[key, metric]
    for (i = 1; i <= count; i++) values[i] = single[key, metric, i]
    return sortAndTake(values, count)
}

# The median of the rounds' ratios to nginx.
function ratio(key, metric,    values, i, count, yardstick, round) {
    yardstick = scenarioOf[key] SUBSEP "nginx"
    if (!(yardstick in seen) || key == yardstick) return "-"
    count = rounds[key, metric]
    for (i = 1; i <= count; i++) {
        round = place[key, metric, i]
        if (!total[yardstick, metric, round]) return "-"
        values[i] = total[key, metric, round] / total[yardstick, metric, round]
    }
    return count ? sprintf("%.2f", sortAndTake(values, count)) : "-"
}

function cell(value, format) { return value == "" ? "-" : sprintf(format, value) }

END {
    printf "%-34s %10s %8s %8s %8s %7s %7s %7s %8s %8s\n", "", "requests", "of nginx", "CPU us", "of nginx", "at/s", "p50 us", "p99 us", "MiB rest", "loaded"
    for (k = 1; k <= keys; k++) {
        key = order[k]
        if (scenarioOf[key] != last) { last = scenarioOf[key]; print last }
        printf "  %-32s %10s %8s %8s %8s %7s %7s %7s %8s %8s\n", nameOf[key], cell(median(key, "rps"), "%.0f"), \
            ratio(key, "rps"), cell(median(key, "cpu"), "%.1f"), ratio(key, "cpu"), cell(median(key, "rate"), "%d"), \
            cell(median(key, "p50"), "%d"), cell(median(key, "p99"), "%d"), cell(median(key, "rest") / 1024, "%.1f"), \
            cell(median(key, "loaded") / 1024, "%.1f")
        count = split(processes[key], names, " ")
        if (count > 1)
            for (i = 1; i <= count; i++)
                printf "    %-41s %17.1f %41.1f %8.1f\n", names[i], medianOf(key, "cpu:" names[i]), \
                    medianOf(key, "rest:" names[i]) / 1024, medianOf(key, "loaded:" names[i]) / 1024
    }
}
