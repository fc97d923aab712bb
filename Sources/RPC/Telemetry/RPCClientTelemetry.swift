import CSystem
import HTTPCore
import Synchronization
import Telemetry

/// Observes the attempts of a client: one span and one value in the histogram for each.
final class RPCClientTelemetry: Sendable {
    let telemetry: Telemetry
    private let series: RPCCallSeries
    private let serverAddress: String
    private let serverPort: Int
    /// The place of each method that was called, so that series are found by it.
    private let places = Mutex<[String: Int]>([:])
    /// Methods beyond this many take the slow path; a service has a few.
    private static let methodsMax = 64

    static var attributes: [any DeclaredAttribute] {
        [
            Attribute.rpcSystemName, Attribute.rpcMethod, Attribute.rpcResponseStatusCode, Attribute.serverAddress,
            Attribute.serverPort, Attribute.rpcResendCount,
        ]
    }

    init(_ telemetry: Telemetry, serverAddress: String, serverPort: Int) {
        self.telemetry = telemetry
        self.serverAddress = serverAddress
        self.serverPort = serverPort
        self.series = RPCCallSeries(
            telemetry.metrics.dynamicHistogram(RPCMetrics.clientDuration), methodCount: Self.methodsMax)
    }

    /// An attempt under way.
    struct Attempt: Sendable {
        let span: ActiveSpan
        let start: UInt64
        let method: RPCMethod
        let resendCount: Int
    }

    func begin(_ method: RPCMethod, resendCount: Int) -> Attempt {
        let start = vitrine_monotonic_nanoseconds()
        let span = self.telemetry.tracer.startSpan(method.fullName, kind: .client, startNanoseconds: start)
        return Attempt(span: span, start: start, method: method, resendCount: resendCount)
    }

    /// Appends the trace context and the baggage.
    func inject(_ attempt: Attempt, into fields: inout HTTPFields) {
        let propagators = self.telemetry.propagators
        let context = attempt.span.context
        if propagators.contains(.traceContext), context.isValid {
            W3CPropagator.withTraceparent(context) { fields.append(.traceparent, utf8: $0) }
            if !context.traceState.isEmpty { fields.append(.tracestate, context.traceState.header) }
        }
        let baggage = TelemetryContext.current.baggage
        if propagators.contains(.baggage), !baggage.isEmpty { fields.append(.baggage, baggage.header) }
    }

    func finish(_ attempt: Attempt, _ error: RPCError?) {
        let end = vitrine_monotonic_nanoseconds()
        let code = error?.code ?? .ok
        if attempt.span.isRecording {
            var attributes: [Attribute] = [
                .rpcSystemName(RPCTelemetryName.system), .rpcMethod(attempt.method.fullName),
                .rpcResponseStatusCode(code.name), .serverAddress(self.serverAddress), .serverPort(self.serverPort),
            ]
            if attempt.resendCount > 0 { attributes.append(.rpcResendCount(attempt.resendCount)) }
            if let error { attributes.append(.errorType(error.errorType)) }
            // A client span is in error whatever the status, if it is not OK.
            attempt.span.end(
                at: end, attributes: attributes, status: error.map { .error($0.message) } ?? .unset)
        }
        self.series.record(
            attempt.method.fullName, index: self.place(of: attempt.method), code: code, errorType: error?.errorType,
            nanoseconds: end &- attempt.start, in: attempt.span.context)
    }

    private func place(of method: RPCMethod) -> Int? {
        self.places.withLock { places in
            if let place = places[method.path] { return place }
            guard places.count < Self.methodsMax else { return nil }
            places[method.path] = places.count
            return places.count - 1
        }
    }
}
