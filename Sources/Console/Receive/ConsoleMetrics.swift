package import Telemetry

/// Every metric of what the console keeps; those of its receiver are `ReceiverMetrics`.
package enum ConsoleMetrics {
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
