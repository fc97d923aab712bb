import CSystem
import HTTPCore
import Telemetry

/// Observes the calls of a server: one span, one log line and one value in the histogram for each.
///
/// Source: OpenTelemetry semantic conventions, "gRPC".
final class RPCServerTelemetry: Sendable {
    let telemetry: Telemetry
    private let series: RPCCallSeries

    /// What spans and log lines say; `error.type` is every span's.
    static var attributes: [any DeclaredAttribute] {
        [
            Attribute.rpcSystemName, Attribute.rpcMethod, Attribute.rpcMethodOriginal, Attribute.rpcResponseStatusCode,
            Attribute.userAgentOriginal, Attribute.userAgentSyntheticType, Attribute.errorMessage,
            Attribute.rpcMicroseconds,
        ]
    }

    init(_ telemetry: Telemetry, methodCount: Int) {
        self.telemetry = telemetry
        self.series = RPCCallSeries(
            telemetry.metrics.dynamicHistogram(RPCMetrics.serverDuration), methodCount: methodCount)
    }

    /// A call while it is answered.
    struct Observation: Sendable {
        let context: TelemetryContext
        let span: ActiveSpan
        let start: UInt64
        /// False for probes: nothing is recorded of them.
        let isObserved: Bool
        /// Nil for a method nobody knows.
        let entry: RPCServiceTable.Entry?
        /// The method as it was asked for.
        let path: String
        let userAgent: String?
    }

    func begin(_ request: HTTPRequest, _ entry: RPCServiceTable.Entry?) -> Observation {
        let start = vitrine_monotonic_nanoseconds()
        let (parent, baggage) = self.extract(request.fields)
        let span = self.telemetry.tracer.startSpan(
            entry?.method.fullName ?? RPCTelemetryName.system, kind: .server, parent: parent, startNanoseconds: start)
        return Observation(
            context: TelemetryContext(span: span, baggage: baggage), span: span, start: start, isObserved: true,
            entry: entry, path: request.path, userAgent: request.fields[.userAgent])
    }

    /// A call of which nothing is recorded, nor of what its handler does.
    func beginUnobserved(_ request: HTTPRequest, _ entry: RPCServiceTable.Entry) -> Observation {
        let context = TelemetryContext(isSuppressed: true)
        let span = TelemetryContext.$current.withValue(context) {
            self.telemetry.tracer.startSpan(entry.method.fullName)
        }
        return Observation(
            context: context, span: span, start: 0, isObserved: false, entry: entry, path: request.path, userAgent: nil)
    }

    private func extract(_ fields: HTTPFields) -> (SpanContext?, Baggage) {
        let propagators = self.telemetry.propagators
        let baggage = propagators.contains(.baggage) ? fields.combined(.baggage) : nil
        var parents = 0
        if propagators.contains(.traceContext) { fields.forEachValue(of: .traceparent) { _ in parents += 1 } }
        // More than one `traceparent` is as good as none (Trace Context, section 3.2.1).
        guard parents == 1 else { return W3CPropagator.extract(traceparent: nil as String?, baggage: baggage) }
        let tracestate = fields.combined(.tracestate)
        return fields.withValue(.traceparent) {
            W3CPropagator.extract(traceparent: $0, tracestate: tracestate, baggage: baggage)
        } ?? (nil, .empty)
    }

    func finish(_ call: Observation, _ outcome: RPCServerEnd) {
        guard call.isObserved else { return }
        let span = call.span
        let end = vitrine_monotonic_nanoseconds()
        let code = outcome.error?.code ?? .ok
        self.series.record(
            call.entry?.method.fullName ?? RPCTelemetryName.unknownMethod, index: call.entry?.index, code: code,
            errorType: outcome.errorType, nanoseconds: end &- call.start, in: span.context)
        let attributes = Self.attributes(
            of: call, code: code, outcome, nanoseconds: end &- call.start)
        // The other codes say that the caller's request was refused, not that the server failed.
        if code.isServerFault {
            self.telemetry.finish(
                span, "rpc failed", level: .error, attributes: attributes,
                status: .error(outcome.detail ?? ""), at: end)
        } else {
            self.telemetry.finish(span, "rpc", attributes: attributes, at: end)
        }
    }

    private static func attributes(
        of call: Observation, code: RPCCode, _ outcome: RPCServerEnd, nanoseconds: UInt64
    ) -> [Attribute] {
        var attributes: [Attribute] = []
        attributes.reserveCapacity(8)
        attributes.append(.rpcSystemName(RPCTelemetryName.system))
        if let entry = call.entry {
            attributes.append(.rpcMethod(entry.method.fullName))
        } else {
            attributes.append(.rpcMethod(RPCTelemetryName.unknownMethod))
            attributes.append(.rpcMethodOriginal(String(call.path.dropFirst().prefix(200))))
        }
        attributes.append(.rpcResponseStatusCode(code.name))
        if let agent = call.userAgent { attributes.append(.userAgentOriginal(agent)) }
        if let type = call.context.baggage["user_agent.synthetic.type"] {
            attributes.append(.userAgentSyntheticType(type))
        }
        if let errorType = outcome.errorType {
            attributes.append(.errorType(errorType))
            if let detail = outcome.detail, !detail.isEmpty { attributes.append(.errorMessage(detail)) }
        }
        attributes.append(.rpcMicroseconds(Int(nanoseconds / 1_000)))
        return attributes
    }
}
