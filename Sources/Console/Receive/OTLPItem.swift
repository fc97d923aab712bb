import JSON
import Protobuf
import Telemetry

/// What a request of OTLP is made of: spans, log records, points of metrics. All three come in groups by resource, and in
/// those by scope.
protocol OTLPItem: Sendable {
    /// The names of the three lists in JSON: `resourceSpans`, `scopeSpans`, `spans`.
    static var listNames: OTLPListNames { get }

    /// Reads one message that `reader` stands at; a metric gives several items, a refused one none.
    static func append(
        from reader: inout ProtobufReader, to items: inout [Self], _ intake: inout OTLPIntake
    ) throws(ProtobufError)

    static func append(
        from json: JSONValue, to items: inout [Self], _ intake: inout OTLPIntake
    ) throws(OTLPJSONError)

    /// Whose it is, known once the group has been read: the fields of a message come in any order.
    mutating func assign(_ resource: ReceivedResource)
    mutating func assign(_ scope: ReceivedScope)
}

struct OTLPListNames {
    let resources: String
    let scopes: String
    let items: String
}

extension ReceivedSpan: OTLPItem {
    static var listNames: OTLPListNames { .init(resources: "resourceSpans", scopes: "scopeSpans", items: "spans") }
    mutating func assign(_ resource: ReceivedResource) { self.resource = resource }
    mutating func assign(_ scope: ReceivedScope) { self.scope = scope }
}

extension ReceivedLog: OTLPItem {
    static var listNames: OTLPListNames { .init(resources: "resourceLogs", scopes: "scopeLogs", items: "logRecords") }
    mutating func assign(_ resource: ReceivedResource) { self.resource = resource }
    mutating func assign(_ scope: ReceivedScope) { self.scope = scope }

    /// One of which nothing is known yet.
    static var blank: ReceivedLog { ReceivedLog(time: 0, severity: 0, body: .empty) }
}

extension ReceivedMetric: OTLPItem {
    static var listNames: OTLPListNames {
        .init(resources: "resourceMetrics", scopes: "scopeMetrics", items: "metrics")
    }
    mutating func assign(_ resource: ReceivedResource) { self.resource = resource }
    /// A metric is not told apart by what in a process made it.
    mutating func assign(_: ReceivedScope) {}
}

extension ReceivedSpan {
    /// One of which nothing is known yet.
    static var blank: ReceivedSpan {
        ReceivedSpan(traceID: .invalid, spanID: .invalid, name: "", kind: .unspecified, start: 0, end: 0)
    }
}
