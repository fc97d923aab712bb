/// Writes a snapshot of metrics as an OTLP/HTTP JSON request: `ExportMetricsServiceRequest`.
struct OTLPMetricEncoder: Sendable {
    private let head: [UInt8]
    private let temporality: MetricTemporality

    init(resource: Resource, scopeName: String, scopeVersion: String, temporality: MetricTemporality) {
        var sink = ByteSink()
        sink.append("{\"resourceMetrics\":[{\"resource\":" as StaticString)
        OTLPValues.append(resource: resource, to: &sink)
        sink.append(",\"scopeMetrics\":[{\"scope\":" as StaticString)
        OTLPValues.append(scope: scopeName, version: scopeVersion, to: &sink)
        sink.append(",\"metrics\":[" as StaticString)
        self.head = sink.bytes
        self.temporality = temporality
    }

    func encode(_ snapshot: MetricSnapshot) -> [UInt8] {
        var sink = ByteSink(capacity: self.head.count + snapshot.pointCount * 256 + 64)
        sink.append(self.head)
        for (index, family) in snapshot.families.enumerated() {
            if index > 0 { sink.append(0x2c) }
            self.append(family, at: snapshot.unixNanoseconds, to: &sink)
        }
        sink.append("]}]}]}" as StaticString)
        return sink.bytes
    }

    private func append(_ family: MetricSnapshot.Family, at now: UInt64, to sink: inout ByteSink) {
        let description = family.description
        sink.append("{\"name\":" as StaticString)
        sink.append(jsonString: description.name)
        sink.append(",\"description\":" as StaticString)
        sink.append(jsonString: description.help)
        sink.append(",\"unit\":" as StaticString)
        sink.append(jsonString: description.unit.code)
        sink.append(self.opening(description.kind))
        for (index, point) in family.points.enumerated() {
            if index > 0 { sink.append(0x2c) }
            self.append(point, description, at: now, to: &sink)
        }
        sink.append(0x5d)
        self.appendTemporality(description.kind, to: &sink)
        sink.append("}}" as StaticString)
    }

    private func opening(_ kind: MetricKind) -> StaticString {
        switch kind {
        case .counter, .upDownCounter: ",\"sum\":{\"dataPoints\":["
        case .gauge: ",\"gauge\":{\"dataPoints\":["
        case .histogram: ",\"histogram\":{\"dataPoints\":["
        }
    }

    private func appendTemporality(_ kind: MetricKind, to sink: inout ByteSink) {
        guard kind != .gauge else { return }
        let isDelta = self.temporality == .delta && kind != .upDownCounter
        sink.append(isDelta ? ",\"aggregationTemporality\":1" : ",\"aggregationTemporality\":2")
        if kind == .counter { sink.append(",\"isMonotonic\":true" as StaticString) }
    }

    private func append(
        _ point: MetricSnapshot.Point, _ description: MetricDescription, at now: UInt64, to sink: inout ByteSink
    ) {
        sink.append("{\"startTimeUnixNano\":\"" as StaticString)
        sink.append(decimal: point.startUnixNanoseconds)
        sink.append("\",\"timeUnixNano\":\"" as StaticString)
        sink.append(decimal: now)
        sink.append(0x22)
        OTLPValues.append(list: Self.attributes(point, description), lengthMax: .max, to: &sink)
        switch point.value {
        case .int(let number):
            sink.append(",\"asInt\":\"" as StaticString)
            sink.append(decimal: number)
            sink.append(0x22)
        case .double(let number):
            sink.append(",\"asDouble\":" as StaticString)
            OTLPValues.append(double: number, to: &sink)
        case .buckets(let counts, let sum): Self.append(counts, sum: sum, description.bounds, to: &sink)
        }
        Self.append(point.exemplars, to: &sink)
        sink.append(0x7d)
    }

    /// An empty value is a label that is not there.
    private static func attributes(_ point: MetricSnapshot.Point, _ description: MetricDescription) -> [Attribute] {
        if point.isOverflow { return [.otelMetricOverflow(true)] }
        return zip(description.labelNames, point.labels).filter { !$0.1.isEmpty }.map { Attribute($0.0, $0.1) }
    }

    private static func append(_ counts: [UInt64], sum: Double, _ bounds: [Double], to sink: inout ByteSink) {
        sink.append(",\"count\":\"" as StaticString)
        sink.append(decimal: counts.reduce(0, &+))
        sink.append("\",\"sum\":" as StaticString)
        OTLPValues.append(double: sum, to: &sink)
        sink.append(",\"bucketCounts\":[" as StaticString)
        for (index, count) in counts.enumerated() {
            sink.append(index > 0 ? ",\"" : "\"")
            sink.append(decimal: count)
            sink.append(0x22)
        }
        sink.append("],\"explicitBounds\":[" as StaticString)
        for (index, bound) in bounds.enumerated() {
            if index > 0 { sink.append(0x2c) }
            OTLPValues.append(double: bound, to: &sink)
        }
        sink.append(0x5d)
    }

    private static func append(_ exemplars: [Exemplar], to sink: inout ByteSink) {
        guard !exemplars.isEmpty else { return }
        sink.append(",\"exemplars\":[" as StaticString)
        for (index, exemplar) in exemplars.enumerated() {
            if index > 0 { sink.append(0x2c) }
            sink.append("{\"timeUnixNano\":\"" as StaticString)
            sink.append(decimal: exemplar.unixNanoseconds)
            sink.append("\",\"asDouble\":" as StaticString)
            OTLPValues.append(double: exemplar.value, to: &sink)
            sink.append(",\"spanId\":\"" as StaticString)
            sink.append(exemplar.spanID)
            sink.append("\",\"traceId\":\"" as StaticString)
            sink.append(exemplar.traceID)
            sink.append("\"}" as StaticString)
        }
        sink.append(0x5d)
    }
}
