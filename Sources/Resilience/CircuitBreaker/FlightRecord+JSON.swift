public import JSON
import Telemetry

extension CircuitBreaker {
    /// Writes state, window and settings as one object.
    public func write(to writer: inout JSONWriter) {
        let (machine, now) = self.inspect { ($0, $1) }
        let totals = machine.totals(now: now)
        writer.beginObject()
        writer.field("breaker", self.name)
        writer.field("state", machine.state.rawValue)
        writer.field("open_remaining_ms", machine.openRemaining(now: now) / 1_000_000)
        writer.field("probes_in_flight", machine.probesInFlight)
        writer.field("probes_expired", machine.expiredProbes)
        writer.key("window")
        totals.write(to: &writer)
        writer.key("calls")
        writer.beginObject()
        for label in CircuitCallLabel.allCases {
            writer.key(escaping: label.rawValue)
            writer.value(machine.callCount(label))
        }
        writer.endObject()
        if let context = machine.tripped.context { writer.field("tripped_by_trace", context.traceID.description) }
        writer.key("settings")
        machine.settings.write(to: &writer)
        writer.endObject()
    }

    /// Writes the flight recorder: the last transitions with the calls that caused each, the oldest first.
    public func writeFlights(to writer: inout JSONWriter) {
        let flights = self.inspect { machine, _ in machine.flights }
        writer.beginObject()
        writer.field("breaker", self.name)
        writer.key("flights")
        writer.beginArray()
        for flight in flights { flight.write(to: &writer) { self.unixMilliseconds(at: $0) } }
        writer.endArray()
        writer.endObject()
    }
}

extension FlightRecord {
    /// - Parameter unixMilliseconds: the wall clock's time at a monotonic instant.
    public func write(to writer: inout JSONWriter, unixMilliseconds: (UInt64) -> Int) {
        writer.beginObject()
        writer.field("from", self.transition.kind.from.rawValue)
        writer.field("to", self.transition.kind.to.rawValue)
        writer.field("reason", self.transition.kind.reason.rawValue)
        writer.field("at_unix_ms", unixMilliseconds(self.transition.atNanoseconds))
        writer.field("open_ms", self.transition.openNanoseconds / 1_000_000)
        if let context = self.transition.trace.context {
            writer.field("trace_id", context.traceID.description)
            writer.field("span_id", context.spanID.description)
        }
        writer.key("window")
        self.transition.totals.write(to: &writer)
        writer.key("calls")
        writer.beginArray()
        for call in self.calls { call.write(to: &writer, unixMilliseconds: unixMilliseconds) }
        writer.endArray()
        writer.key("settings")
        self.settings.write(to: &writer)
        writer.endObject()
    }
}

extension RecordedCall {
    func write(to writer: inout JSONWriter, unixMilliseconds: (UInt64) -> Int) {
        writer.beginObject()
        writer.field("outcome", self.label.rawValue)
        writer.field("is_slow", self.isSlow)
        writer.field("latency_us", self.latencyNanoseconds / 1_000)
        writer.field("at_unix_ms", unixMilliseconds(self.endNanoseconds))
        if let context = self.trace.context {
            writer.field("trace_id", context.traceID.description)
            writer.field("span_id", context.spanID.description)
        }
        writer.endObject()
    }
}

extension WindowTotals {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("calls", self.calls)
        writer.field("failures", self.failures)
        writer.field("slow", self.slow)
        writer.field("failure_ratio", self.failureRatio)
        writer.field("slow_ratio", self.slowRatio)
        writer.endObject()
    }
}

extension CircuitBreakerSettings {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self.window {
        case .calls(let size): writer.field("window_calls", size)
        case .time(let duration, let buckets):
            writer.field("window_ms", duration.clampedNanoseconds / 1_000_000)
            writer.field("window_buckets", buckets)
        }
        writer.field("calls_min", self.callsMin)
        writer.field("failure_ratio_max", self.failureRatioMax)
        writer.field("slow_call_ms", self.slowCall.clampedNanoseconds / 1_000_000)
        writer.field("slow_ratio_max", self.slowRatioMax)
        writer.field("open_base_ms", self.openBase.clampedNanoseconds / 1_000_000)
        writer.field("open_growth", self.openGrowth)
        writer.field("open_max_ms", self.openMax.clampedNanoseconds / 1_000_000)
        writer.field("open_jitter", self.openJitter)
        writer.field("probes_in_flight_max", self.probesInFlightMax)
        writer.field("probes_max", self.probesMax)
        writer.field("probe_successes_min", self.probeSuccessesMin)
        writer.field("probe_lease_ms", self.probeLease.clampedNanoseconds / 1_000_000)
        writer.endObject()
    }
}
