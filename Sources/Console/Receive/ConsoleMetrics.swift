package import Telemetry

/// Every metric of the console itself.
package enum ConsoleMetrics {
    /// What became of a request.
    package enum Outcome: String, MetricLabel {
        case taken
        /// It could not be read.
        case malformed
        /// Of a type, encoding or size that is not taken.
        case unsupported

        package static var labelName: String { "outcome" }
    }

    /// Whether an item was kept.
    package enum Fate: String, MetricLabel {
        case taken, refused

        package static var labelName: String { "outcome" }
    }

    package static let requests = CounterDescriptor<LabelPair<ReceivedSignal, Outcome>>(
        "shop.console.requests", unit: .count("request"), help: "Requests of OTLP that came in, by what became of them."
    )
    package static let items = CounterDescriptor<LabelPair<ReceivedSignal, Fate>>(
        "shop.console.items", unit: .count("item"), help: "Spans, log records and metric points that came in.")
    package static let cut = CounterDescriptor<NoLabels>(
        "shop.console.cut", unit: .count("value"),
        help: "Attributes left out and texts cut because they were too many or too long.")
    package static let evicted = CounterDescriptor<ReceivedSignal>(
        "shop.console.evicted", unit: .count("item"), help: "Spans and log records that gave way to newer ones.")
    package static let kept = GaugeDescriptor<ReceivedSignal>(
        "shop.console.kept", unit: .count("item"), help: "Spans, log records and metric points that are held.")
    package static let memory = GaugeDescriptor<NoLabels>(
        "shop.console.memory", unit: .bytes, help: "What the held telemetry takes, as it is counted.")
    package static let memoryLimit = GaugeDescriptor<NoLabels>(
        "shop.console.memory.limit", unit: .bytes, help: "What it may take.")
    package static let readers = GaugeDescriptor<NoLabels>(
        "shop.console.live.readers", unit: .count("reader"), help: "Pages that are told of what comes in.")
    package static let lagged = CounterDescriptor<NoLabels>(
        "shop.console.live.lagged", unit: .count("event"), help: "Events left out for pages that read too slowly.")
}
