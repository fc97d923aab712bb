import Telemetry

/// Takes every export and forgets it.
struct ForgettingTransport: OTLPTransport {
    func send(_ request: OTLPRequest) async throws -> OTLPResponse { OTLPResponse(status: 200) }
}

private enum Outcome: String, MetricLabel {
    case placed, refused, failed, late
    static var labelName: String { "outcome" }
}

private enum Channel: String, MetricLabel {
    case web, app
    static var labelName: String { "channel" }
}

private enum Size: String, MetricLabel {
    case small, medium, large
    static var labelName: String { "size" }
}

/// What recording costs the thread that records.
enum TelemetryOperations {
    /// Fits the batch queue, so that no repetition is a dropped one.
    private static let burst = 1_000

    static func all(_ telemetry: Telemetry, unsampled: Telemetry) -> [Operation] {
        self.metrics(telemetry) + self.spans(telemetry, unsampled) + self.lines(telemetry) + self.propagation
            + self.exposition
    }

    private static func metrics(_ telemetry: Telemetry) -> [Operation] {
        let plain = telemetry.metrics.counter(
            CounterDescriptor<NoLabels>("bench.plain", unit: .count("event"), help: "No label."))
        let labelled = telemetry.metrics.counter(
            CounterDescriptor<LabelTriple<Outcome, Channel, Size>>(
                "bench.labelled", unit: .count("event"), help: "Three labels."))
        let duration = telemetry.metrics.histogram(
            HistogramDescriptor<NoLabels>("bench.duration", unit: .seconds, help: "No label."))
        let series = plain.series(NoLabels())
        let observed = duration.series(NoLabels())
        let parent = Self.parent
        let outcomes: [Outcome] = [.placed, .refused, .failed, .late]
        return [
            Operation("counter add, handle held", goal: 5, repetitions: 20_000_000) { count in
                let series = series
                for _ in 0..<count { series.add(1) }
            },
            Operation("counter add, 3 labels looked up", goal: 25, repetitions: 10_000_000) { count in
                for turn in 0..<count { labelled.add(1, LabelTriple(outcomes[turn & 3], .web, .large)) }
            },
            Operation("histogram record", goal: 15, repetitions: 10_000_000) { count in
                let observed = observed
                for turn in 0..<count { observed.record(nanoseconds: UInt64(40_000 + turn & 0xF_FFFF)) }
            },
            Operation("histogram record with exemplar", repetitions: 10_000_000) { count in
                let observed = observed
                for turn in 0..<count { observed.record(nanoseconds: UInt64(40_000 + turn & 0xF_FFFF), in: parent) }
            },
        ]
    }

    private static func spans(_ telemetry: Telemetry, _ unsampled: Telemetry) -> [Operation] {
        [
            Operation("span, 5 attributes, into the batch", goal: 250, repetitions: Self.burst) { count in
                Self.record(count, with: telemetry)
            },
            Operation("span, 5 attributes, not sampled", goal: 40, repetitions: 1_000_000) { count in
                Self.record(count, with: unsampled)
            },
        ]
    }

    private static func record(_ count: Int, with telemetry: Telemetry) {
        for turn in 0..<count {
            let span = telemetry.tracer.startSpan("GET /api/v1/products/{id}", kind: .server, parent: Self.parent)
            if span.isRecording { span.setAttributes(Self.attributes(turn)) }
            span.end()
        }
    }

    private static func lines(_ telemetry: Telemetry) -> [Operation] {
        let context = Optional(Self.parent)
        return [
            Operation("log line, 5 fields", goal: 300, repetitions: Self.burst) { count in
                for turn in 0..<count { telemetry.log.info("request", Self.attributes(turn), in: context) }
            },
            Operation("log line below the level", repetitions: 5_000_000) { count in
                for turn in 0..<count { telemetry.log.debug("request", Self.attributes(turn), in: context) }
            },
            Operation("a request's span and log line", repetitions: Self.burst) { count in
                for turn in 0..<count {
                    let span = telemetry.tracer.startSpan(
                        "GET /api/v1/products/{id}", kind: .server, parent: Self.parent)
                    telemetry.finish(span, "request", attributes: Self.attributes(turn))
                }
            },
        ]
    }

    private static var propagation: [Operation] {
        let header = Array("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".utf8)
        return [
            Operation("traceparent extract", goal: 40, repetitions: 5_000_000) { count in
                header.withUnsafeBufferPointer { bytes in
                    for _ in 0..<count {
                        precondition(W3CPropagator.extract(traceparent: bytes).0 != nil, "a valid header is refused")
                    }
                }
            },
            Operation("traceparent inject", goal: 40, repetitions: 5_000_000) { count in
                var bytes: [UInt8] = []
                bytes.reserveCapacity(64)
                for _ in 0..<count {
                    bytes.removeAll(keepingCapacity: true)
                    W3CPropagator.appendTraceparent(Self.parent, to: &bytes)
                }
            },
        ]
    }

    private static var exposition: [Operation] {
        let telemetry = Telemetry.disabled()
        let family = telemetry.metrics.dynamicCounter(
            DynamicDescriptor(
                "bench.many", kind: .counter, unit: .count("event"), help: "Many series.",
                labelNames: ["http.route", "http.response.status_code"]))
        for number in 0..<1_000 { family.series(["/api/v1/products/\(number)", "200"]).add(number + 1) }
        return [
            Operation("exposition of 1,000 series", goal: 30_000, repetitions: 200) { count in
                for _ in 0..<count { precondition(telemetry.metrics.exposition().count > 50_000, "series are missing") }
            }
        ]
    }

    private static let parent = SpanContext(
        traceID: .random(), spanID: .random(), flags: [.sampled, .random], isRemote: true)

    @inline(never)
    private static func attributes(_ turn: Int) -> [Attribute] {
        [
            .httpRequestMethod("GET"), .httpRoute("/api/v1/products/{id}"), .httpResponseStatusCode(200),
            .urlScheme("http"), .serverPort(8_000 &+ turn & 1),
        ]
    }
}
