import Telemetry

@testable import Console

/// Spans and log records made up for tests.
enum Made {
    static let second: UInt64 = 1_000_000_000

    static func resource(_ service: String) -> ReceivedResource {
        ReceivedResource(attributes: [ReceivedAttribute("service.name", .string(service))])
    }

    static func trace(_ number: UInt64) -> TraceID { TraceID(high: 1, low: number) }

    /// - Parameters:
    ///   - trace: 1 and on.
    ///   - parent: 0 for none.
    ///   - milliseconds: from when to when, after the first second.
    static func span(
        _ trace: UInt64, _ id: UInt64, in parent: UInt64 = 0, _ service: String = "gateway", _ name: String = "GET /",
        _ milliseconds: ClosedRange<UInt64> = 0...10, kind: ReceivedSpan.Kind = .server, isError: Bool = false,
        attributes: [ReceivedAttribute] = []
    ) -> ReceivedSpan {
        var span = ReceivedSpan(
            traceID: self.trace(trace), spanID: SpanID(rawValue: id),
            parentID: parent == 0 ? nil : SpanID(rawValue: parent), name: name, kind: kind,
            start: self.second + milliseconds.lowerBound * 1_000_000,
            end: self.second + milliseconds.upperBound * 1_000_000, resource: self.resource(service))
        span.attributes = attributes
        if isError { span.status = .error }
        return span
    }

    static func store(_ limits: StoreLimits = StoreLimits(memoryBytesMax: 64 << 20), now: UInt64 = 2 * second)
        -> TelemetryStore
    {
        TelemetryStore(limits) { now }
    }
}
