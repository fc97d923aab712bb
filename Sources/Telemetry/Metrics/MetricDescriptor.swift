/// What a metric measures over time.
public enum MetricKind: String, Sendable, Hashable {
    case counter
    case upDownCounter
    case gauge
    case histogram
}

/// Everything known about a metric before it has a value: the single source of exposition, documents and lint.
public struct MetricDescription: Sendable, Hashable {
    /// In the OpenTelemetry spelling: `shop.order.placements`.
    public let name: String
    public let kind: MetricKind
    public let unit: MetricUnit
    public let help: String
    /// In the attribute spelling: `error.type`.
    public let labelNames: [String]
    /// The values of each label where they are known beforehand; empty for a label whose values are not.
    public let labelValues: [[String]]
    /// Upper bounds of a histogram's buckets, ascending, without infinity.
    public let bounds: [Double]
    /// How much the name may still change.
    public let stability: SignalStability

    init<Labels: MetricLabels>(
        _ name: String, _ kind: MetricKind, _ unit: MetricUnit, _ help: String, _ labels: Labels.Type,
        _ stability: SignalStability, bounds: [Double] = []
    ) {
        var values: [[String]] = Labels.names.map { _ in [] }
        for set in Labels.all {
            for (place, value) in set.values.enumerated() where !values[place].contains(value) {
                values[place].append(value)
            }
        }
        self.init(
            name: name, kind: kind, unit: unit, help: help, labelNames: Labels.names, labelValues: values,
            bounds: bounds, stability: stability)
    }

    init(
        name: String, kind: MetricKind, unit: MetricUnit, help: String, labelNames: [String], labelValues: [[String]],
        bounds: [Double], stability: SignalStability
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.labelNames = labelNames
        self.labelValues = labelValues
        self.bounds = bounds
        self.stability = stability
    }

    /// `shop_order_placements_total`: dots become underscores, unit and `_total` are added unless already there.
    public var prometheusName: String { PrometheusName.metric(self) }
}

/// A number that only grows, one series per label value.
public struct CounterDescriptor<Labels: MetricLabels>: Sendable {
    public let description: MetricDescription

    /// - Parameters:
    ///   - name: In the OpenTelemetry spelling, without unit and `_total`.
    ///   - help: One sentence.
    public init(_ name: String, unit: MetricUnit, help: String, stability: SignalStability = .development) {
        self.description = .init(name, .counter, unit, help, Labels.self, stability)
    }
}

/// A number that grows and shrinks by steps, such as requests in flight.
public struct UpDownCounterDescriptor<Labels: MetricLabels>: Sendable {
    public let description: MetricDescription

    public init(_ name: String, unit: MetricUnit, help: String, stability: SignalStability = .development) {
        self.description = .init(name, .upDownCounter, unit, help, Labels.self, stability)
    }
}

/// A number that is set.
public struct GaugeDescriptor<Labels: MetricLabels>: Sendable {
    public let description: MetricDescription

    public init(_ name: String, unit: MetricUnit, help: String, stability: SignalStability = .development) {
        self.description = .init(name, .gauge, unit, help, Labels.self, stability)
    }
}

/// A distribution over buckets with explicit bounds.
public struct HistogramDescriptor<Labels: MetricLabels>: Sendable {
    public let description: MetricDescription

    /// - Parameter buckets: Upper bounds, ascending, without infinity; those of HTTP durations by default.
    public init(
        _ name: String, unit: MetricUnit, help: String, buckets: [Double] = Buckets.requestSeconds,
        stability: SignalStability = .development
    ) {
        self.description = .init(name, .histogram, unit, help, Labels.self, stability, bounds: buckets)
    }
}

/// A metric whose label values are known only while running, such as routes; bounded when registered.
public struct DynamicDescriptor: Sendable {
    public let description: MetricDescription

    /// - Parameters:
    ///   - labelNames: In the attribute spelling; each is declared as an attribute or as a label.
    ///   - labelValues: By label, for those whose values are known all the same.
    public init(
        _ name: String, kind: MetricKind, unit: MetricUnit, help: String, labelNames: [String], buckets: [Double] = [],
        labelValues: [String: [String]] = [:], stability: SignalStability = .development
    ) {
        self.description = .init(
            name: name, kind: kind, unit: unit, help: help, labelNames: labelNames,
            labelValues: labelNames.map { labelValues[$0] ?? [] },
            bounds: kind == .histogram && buckets.isEmpty ? Buckets.requestSeconds : buckets, stability: stability)
    }
}

/// Bucket bounds of the semantic conventions.
public enum Buckets {
    /// HTTP, RPC and messaging durations.
    public static let requestSeconds: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]
    /// Database durations.
    public static let databaseSeconds: [Double] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
}
