import Telemetry

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

/// What recording costs the thread that records, and what two threads that record cost each other.
struct RecordingOperations {
    let telemetry: BenchTelemetry

    /// Fits the batch queue, so that no repetition is a dropped one.
    private static let burst = 1_000
    /// The same for log lines, whose buffer holds a mebibyte a thread.
    private static let lineBurst = 3_000
    private static let outcomes: [Outcome] = [.placed, .refused, .failed, .late]

    var all: [Operation] { self.metrics + self.spans + self.lines }

    private func metrics(in registry: MetricRegistry) -> (CounterSeries, LabelledCounter, HistogramSeries) {
        let plain = registry.counter(
            CounterDescriptor<NoLabels>("bench.plain", unit: .count("event"), help: "No label."))
        let labelled = registry.counter(
            CounterDescriptor<LabelTriple<Outcome, Channel, Size>>(
                "bench.labelled", unit: .count("event"), help: "Three labels."))
        let duration = registry.histogram(
            HistogramDescriptor<NoLabels>("bench.duration", unit: .seconds, help: "No label."))
        return (plain.series(NoLabels()), labelled, duration.series(NoLabels()))
    }

    private typealias LabelledCounter = Counter<LabelTriple<Outcome, Channel, Size>>

    private var metrics: [Operation] {
        let (series, labelled, observed) = self.metrics(in: self.telemetry.exporting.metrics)
        let parent = Sample.parent
        return [
            Operation("counter add, handle held", goal: 5, repetitions: 20_000_000) { Self.add($0, series) },
            Operation("counter add, 3 labels looked up", goal: 25, repetitions: 10_000_000) {
                Self.add($0, labelled)
            },
            Operation("histogram record", goal: 15, repetitions: 10_000_000) { Self.record($0, observed) },
            Operation("histogram record with exemplar", repetitions: 10_000_000) { count in
                let observed = observed
                for turn in 0..<count { observed.record(nanoseconds: Self.duration(turn), in: parent) }
            },
        ]
    }

    private static func add(_ count: Int, _ series: CounterSeries) { for _ in 0..<count { series.add(1) } }

    private static func add(_ count: Int, _ labelled: LabelledCounter) {
        let outcomes = self.outcomes
        for turn in 0..<count { labelled.add(1, LabelTriple(outcomes[turn & 3], .web, .large)) }
    }

    private static func record(_ count: Int, _ observed: HistogramSeries) {
        for turn in 0..<count { observed.record(nanoseconds: self.duration(turn)) }
    }

    /// From 40 µs to a millisecond.
    private static func duration(_ turn: Int) -> UInt64 { UInt64(40_000 + turn & 0xF_FFFF) }

    private var spans: [Operation] {
        let telemetry = self.telemetry
        return [
            Operation("span, 5 attributes, into the batch", goal: 250, repetitions: Self.burst) {
                Self.span($0, telemetry.exporting)
            },
            Operation("span, 5 attributes, not sampled", goal: 40, repetitions: 1_000_000) {
                Self.span($0, telemetry.unsampled)
            },
            Operation("child span of the task's, startSpan", repetitions: Self.burst) { count in
                await Self.within(telemetry.exporting) {
                    for _ in 0..<count { telemetry.exporting.tracer.startSpan("SELECT products", kind: .client).end() }
                }
            },
            Operation("child span of the task's, withSpan", repetitions: Self.burst) { count in
                await Self.within(telemetry.exporting) {
                    for _ in 0..<count {
                        await telemetry.exporting.tracer.withSpan("place order") { _ async in Self.nothing() }
                    }
                }
            },
        ]
    }

    private static func span(_ count: Int, _ telemetry: Telemetry) {
        for turn in 0..<count {
            let span = telemetry.tracer.startSpan("GET /api/v1/products/{id}", kind: .server, parent: Sample.parent)
            if span.isRecording { span.setAttributes(Sample.attributes(turn)) }
            span.end()
        }
    }

    /// With a server span of the task's own, whose cost many children share.
    private static func within(_ telemetry: Telemetry, _ body: () async -> Void) async {
        let span = telemetry.tracer.startSpan("GET /api/v1/products", kind: .server, parent: Sample.parent)
        await TelemetryContext.$current.withValue(TelemetryContext(span: span)) { await body() }
        span.end()
    }

    @inline(never)
    private static func nothing() {}

    private var lines: [Operation] {
        let context = Optional(Sample.parent)
        let (exporting, lines) = (self.telemetry.exporting, self.telemetry.lines)
        return [
            Operation("log line, 5 fields", goal: 300, repetitions: Self.burst) { Self.line($0, lines, context) },
            Operation("log line, 5 fields, and its OTLP record", repetitions: Self.burst) {
                Self.line($0, exporting, context)
            },
            Operation("log line below the level", repetitions: 5_000_000) { count in
                for turn in 0..<count { exporting.log.debug("request", Sample.attributes(turn), in: context) }
            },
            Operation("a request's span and log line", repetitions: Self.burst) { count in
                for turn in 0..<count {
                    let span = exporting.tracer.startSpan(
                        "GET /api/v1/products/{id}", kind: .server, parent: Sample.parent)
                    exporting.finish(span, "request", attributes: Sample.attributes(turn))
                }
            },
        ]
    }

    private static func line(_ count: Int, _ telemetry: Telemetry, _ context: SpanContext?) {
        for turn in 0..<count { telemetry.log.info("request", Sample.attributes(turn), in: context) }
    }

    /// The yardstick first: what it gains is what this machine gives at this moment.
    var contended: [ContendedOperation] {
        let yardstick = Yardstick()
        let resting = self.telemetry.resting
        let (series, labelled, observed) = self.metrics(in: resting.metrics)
        let tidy: @Sendable () async -> Void = { await resting.flush() }
        return [
            ContendedOperation("the yardstick, 4,096 steps", repetitions: 400) { yardstick.run($0) },
            ContendedOperation("counter add, handle held", goal: 5, repetitions: 1_000_000) { Self.add($0, series) },
            ContendedOperation("counter add, 3 labels looked up", repetitions: 1_000_000) { Self.add($0, labelled) },
            ContendedOperation("histogram record", goal: 20, repetitions: 500_000) { Self.record($0, observed) },
            ContendedOperation("span, 5 attributes, into the batch", repetitions: 10_000, tidy: tidy) {
                Self.span($0, resting)
            },
            ContendedOperation("log line, 5 fields", repetitions: Self.lineBurst, tidy: tidy) {
                Self.line($0, resting, Sample.parent)
            },
        ]
    }
}
