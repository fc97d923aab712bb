import JSON

/// The report for programs: durations are whole microseconds.
extension LoadReport {
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 8_192)
        writer.beginObject()
        writer.field("target", self.target)
        writer.field("seed", self.seed)
        writer.field("elapsed_us", Self.microseconds(self.elapsed))
        writer.key("journeys")
        Self.write(self.journeys, to: &writer)
        writer.key("all")
        self.write(self.total, self.service, name: "all", to: &writer)
        writer.key("steps")
        writer.beginArray()
        for step in self.steps { self.write(step.tally, step.service, name: step.step.name, to: &writer) }
        writer.endArray()
        writer.key("generator_lag_us")
        Self.write(self.lag, to: &writer)
        writer.field("was_behind_schedule", self.wasBehindSchedule)
        writer.field("preparation_failure", self.preparationFailure)
        writer.key("failures")
        writer.beginArray()
        for failure in self.failures { Self.write(failure, to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ journeys: JourneyTally, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("begun", journeys.begun)
        writer.field("completed", journeys.completed)
        writer.field("abandoned", journeys.abandoned)
        writer.field("cut", journeys.cut)
        writer.field("dropped_for_room", journeys.droppedForRoom)
        writer.field("dropped_for_customer", journeys.droppedForCustomer)
        writer.endObject()
    }

    private func write(_ tally: StepTally, _ service: LatencyHistogram, name: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("step", name)
        writer.field("requests", tally.requests)
        writer.field("per_second", Double(tally.requests) / self.elapsed.seconds)
        writer.field("errors", tally.failed)
        writer.field("refused", tally.count(of: .refused))
        writer.field("degraded", tally.count(of: .degraded))
        writer.key("outcomes")
        writer.beginObject()
        for (outcome, count) in tally.sortedOutcomes {
            writer.key(escaping: outcome.description)
            writer.value(count)
        }
        writer.endObject()
        writer.key("latency_us")
        Self.write(tally.latency, to: &writer)
        writer.key("service_us")
        Self.write(service, to: &writer)
        writer.endObject()
    }

    private static func write(_ histogram: LatencyHistogram, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("min", Self.microseconds(histogram.min))
        writer.field("mean", Self.microseconds(histogram.mean))
        writer.field("p50", Self.microseconds(histogram.percentile(0.5)))
        writer.field("p90", Self.microseconds(histogram.percentile(0.9)))
        writer.field("p95", Self.microseconds(histogram.percentile(0.95)))
        writer.field("p99", Self.microseconds(histogram.percentile(0.99)))
        writer.field("p999", Self.microseconds(histogram.percentile(0.999)))
        writer.field("max", Self.microseconds(histogram.max))
        writer.endObject()
    }

    private static func write(_ failure: LoadFailure, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("step", failure.step.name)
        writer.field("outcome", failure.outcome.description)
        writer.field("trace_id", failure.traceID)
        writer.field("at_us", Self.microseconds(failure.instant))
        writer.field("latency_us", Self.microseconds(failure.latency))
        writer.endObject()
    }

    private static func microseconds(_ duration: Duration) -> Int { Int(duration / .microseconds(1)) }
}
