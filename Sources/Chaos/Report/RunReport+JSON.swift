import JSON

extension RunReport {
    /// The report for programs.
    ///
    /// - Parameter startedAt: RFC 3339.
    public func json(startedAt: String) -> [UInt8] {
        var json = JSONWriter(capacity: 16_384)
        json.beginObject()
        json.field("experiment", self.experiment.name)
        json.field("title", self.experiment.title)
        json.field("verdict", self.verdict.rawValue)
        if case .cannotRun(let reason) = self.ending { json.field("reason", reason) }
        json.field("started_at", startedAt)
        json.field("seed", self.experiment.seed)
        json.field("target", self.target)
        self.writePhases(to: &json)
        self.writeFindings(to: &json)
        self.writeEvents(to: &json)
        self.writeSeconds(to: &json)
        self.writeTraces(to: &json)
        json.field("outcomes_dropped", self.record.outcomesDropped)
        json.endObject()
        return json.bytes
    }

    private func writePhases(to json: inout JSONWriter) {
        json.key("phases")
        json.beginObject()
        for phase in Assertion.Phase.allCases {
            guard let span = self.record.phases[phase] else { continue }
            json.key(escaping: phase.rawValue)
            json.beginArray()
            json.value(span.begin)
            json.value(span.end)
            json.endArray()
        }
        json.endObject()
        if let after = self.record.recoveredAfter { json.field("recovered_after_seconds", after) }
    }

    private func writeFindings(to json: inout JSONWriter) {
        json.key("findings")
        json.beginArray()
        for finding in self.findings {
            json.beginObject()
            json.field("claim", finding.claim)
            json.field("measured", finding.measured)
            json.field("passed", finding.passed)
            json.endObject()
        }
        json.endArray()
    }

    private func writeEvents(to json: inout JSONWriter) {
        json.key("timeline")
        json.beginArray()
        for event in self.record.events {
            json.beginObject()
            json.field("at", event.at)
            json.field("what", event.text)
            json.endObject()
        }
        json.endArray()
        json.key("breakers")
        json.beginArray()
        for change in self.record.breakerChanges {
            json.beginObject()
            json.field("at", change.at)
            json.field("process", change.process)
            json.field("breaker", change.name.breaker)
            json.field("from", change.from)
            json.field("to", change.to)
            json.endObject()
        }
        json.endArray()
    }

    private func writeSeconds(to json: inout JSONWriter) {
        json.key("seconds")
        json.beginArray()
        for second in SecondSeries(self.record).seconds {
            json.beginObject()
            json.field("requests", second.requests)
            json.field("errors", second.errors)
            if let p99 = second.p99 { json.field("p99_ms", p99) }
            json.endObject()
        }
        json.endArray()
    }

    private func writeTraces(to json: inout JSONWriter) {
        json.key("traces")
        json.beginArray()
        for outcome in self.sampleTraces {
            json.beginObject()
            json.field("at", outcome.at)
            json.field("step", outcome.step)
            json.field("status", outcome.status)
            json.field("trace_id", outcome.traceID)
            json.endObject()
        }
        json.endArray()
    }
}
