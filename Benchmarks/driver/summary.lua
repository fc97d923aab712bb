-- What wrk reports at the end, for programs: requests, microseconds, answers other than 2xx and 3xx, broken connections.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("SUMMARY %d %d %d %d\n", summary.requests, summary.duration, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout))
end
