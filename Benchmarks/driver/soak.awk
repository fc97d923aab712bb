# What has grown, from the lines of `sample`: the mean of the fourth tenth of the time beside that of the last tenth, and the
# slope of a straight line through the second half.
{
    if (!($1 in count)) roles[++role_count] = $1
    n = ++count[$1]
    time[$1, n] = $2; resident[$1, n] = $3; descriptors[$1, n] = $4; threads[$1, n] = $5; ticks[$1, n] = $6
    if ($2 > end) end = $2
}

# The mean of a role's figures from one share of the time to another; of the sample next to it where none lies within.
function mean(figures, role, from, to,    i, sum, found, near) {
    for (i = 1; i <= count[role]; i++) {
        if (time[role, i] >= from * end && time[role, i] <= to * end) { sum += figures[role, i]; found++ }
        if (time[role, i] <= to * end) near = i
    }
    return found ? sum / found : figures[role, near ? near : 1]
}

# Least squares, in a minute.
function slope(figures, role,    i, x, y, n, sx, sy, sxx, sxy) {
    for (i = 1; i <= count[role]; i++) {
        if (time[role, i] < end / 2) continue
        x = time[role, i] / 60; y = figures[role, i]
        n++; sx += x; sy += y; sxx += x * x; sxy += x * y
    }
    return n > 1 && n * sxx > sx * sx ? (n * sxy - sx * sy) / (n * sxx - sx * sx) : 0
}

function complain(text) {
    print (is_judged ? "soak: " : "soak, not judged in so short a time: ") text | "cat >&2"
    if (is_judged) status = 1
}

END {
    printf "\n%-10s %8s %8s %8s %12s %14s %12s %8s\n", "process", "MiB then", "at end", "growth", "KiB a minute", "descriptors", "threads", "CPU"
    for (r = 1; r <= role_count; r++) {
        role = roles[r]
        last = count[role]
        was = mean(resident, role, 0.3, 0.4); is = mean(resident, role, 0.9, 1)
        open_was = mean(descriptors, role, 0.3, 0.4); open_is = mean(descriptors, role, 0.9, 1)
        growth = 100 * (is - was) / was
        used = time[role, last] > time[role, 1] ? 100 * (ticks[role, last] - ticks[role, 1]) / ticks_per_second / (time[role, last] - time[role, 1]) : 0
        all += used
        printf "  %-8s %8.1f %8.1f %6.1f %% %12.1f %6.1f %7.1f %5.0f %6.0f %6.1f %%\n", role, was / 1024, is / 1024, growth, slope(resident, role), \
            open_was, open_is, mean(threads, role, 0.3, 0.4), mean(threads, role, 0.9, 1), used
        if (growth > growth_max) complain(sprintf("%s: resident memory has grown by %.1f %%, %s %% allowed", role, growth, growth_max))
        # A pool may open a connection more; a leak does not stop at two.
        if (open_is > open_was + 2) complain(sprintf("%s: %.1f descriptors are open, %.1f before", role, open_is, open_was))
    }
    printf "  %-8s %73.1f %%\n", "together", all
    close("cat >&2")
    exit status
}
