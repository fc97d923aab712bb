@_spi(Benchmarks) import Telemetry

/// What exporters and scrapes cost, off the path of requests.
enum ExportOperations {
    static func all(_ telemetry: BenchTelemetry) -> [Operation] { self.encoding(telemetry) + self.exposition }

    private static let batch = 512

    private static func encoding(_ telemetry: BenchTelemetry) -> [Operation] {
        let spans = (0..<Self.batch).map { turn in
            let span = telemetry.exporting.tracer.startSpan(
                "GET /api/v1/products/{id}", kind: .server, parent: Sample.parent)
            span.setAttributes(Sample.attributes(turn))
            span.end()
            return span
        }
        let encodeSpans = telemetry.exporting.encoding(of: spans)
        let encodeRecords = telemetry.exporting.encoding(
            ofRecords: (0..<Self.batch).map(Sample.attributes), in: Sample.parent)
        return [
            Operation("OTLP JSON of a span, 512 a batch", goal: 600, repetitions: 100, per: Self.batch) { count in
                for _ in 0..<count { precondition(encodeSpans() > Self.batch * 400, "spans are missing") }
            },
            Operation("OTLP JSON of a log record, 512 a batch", repetitions: 100, per: Self.batch) { count in
                for _ in 0..<count { precondition(encodeRecords() > Self.batch * 400, "records are missing") }
            },
        ]
    }

    private static var exposition: [Operation] {
        [
            self.exposition("exposition of 1,000 series", goal: 30_000, .counter, series: 1_000, repetitions: 200),
            self.exposition("exposition of 100,000 series", .counter, series: 100_000, repetitions: 3),
            self.exposition("exposition of 1,000 histogram series", .histogram, series: 1_000, repetitions: 20),
        ]
    }

    private static func exposition(
        _ name: String, goal: Double? = nil, _ kind: MetricKind, series count: Int, repetitions: Int
    ) -> Operation {
        var configuration = TelemetryConfiguration(serviceName: "bench")
        configuration.tracesExporter = .none
        configuration.logsExporter = .none
        let metrics = Telemetry(configuration, logSink: .discard).metrics
        let descriptor = DynamicDescriptor(
            "bench.many", kind: kind, unit: kind == .histogram ? .seconds : .count("event"), help: "Many series.",
            labelNames: ["http.route", "http.response.status_code"])
        for number in 0..<count {
            let values = ["/api/v1/products/\(number)", "200"]
            switch kind {
            case .histogram:
                let series = metrics.dynamicHistogram(descriptor, seriesMax: count).series(values)
                for turn in 0..<8 { series.record(seconds: 0.004 * Double(1 << turn)) }
            default: metrics.dynamicCounter(descriptor, seriesMax: count).series(values).add(number + 1)
            }
        }
        return Operation(name, goal: goal, repetitions: repetitions) { repetitions in
            for _ in 0..<repetitions { precondition(metrics.exposition().count > count * 50, "series are missing") }
        }
    }
}
