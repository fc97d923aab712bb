import CSystem
import Faults
public import HTTPCore
import HTTPEngine
import NetworkIO
import Routing
public import Telemetry

/// Calls one service: the pooled client beneath, with a client span, metrics, trace context, the internal token and a
/// deadline around every call.
public final class UpstreamClient: HTTPTransport, Sendable {
    public let name: ServiceName
    private let transport: any HTTPTransport
    private let telemetry: Telemetry
    private let internalToken: String
    private let instruments: ClientInstruments
    private let faults: FaultInjector?
    private let serverAddress: String
    private let serverPort: Int
    /// `http://host:port`
    private let origin: String

    /// Fields that are this client's to set.
    private static let ownFields = HTTPFieldNameSet([
        .baggage, .traceparent, .tracestate, .xInternalToken, .xVitrineTimeout,
    ])

    /// What its spans say.
    static var spanAttributes: [any DeclaredAttribute] {
        [
            Attribute.httpRequestMethod, Attribute.serverAddress, Attribute.serverPort, Attribute.urlFull,
            Attribute.urlTemplate, Attribute.httpResponseStatusCode,
        ]
    }

    /// - Parameters:
    ///   - transport: what carries the request; an `HTTPUpstream`, or an in-process one in tests.
    ///   - faults: what calls meet on purpose; nil for nothing.
    public init(
        name: ServiceName, transport: any HTTPTransport, serverAddress: String, serverPort: Int, internalToken: String,
        telemetry: Telemetry, faults: FaultInjector? = nil
    ) {
        self.name = name
        self.transport = transport
        self.telemetry = telemetry
        self.internalToken = internalToken
        self.faults = faults
        self.serverAddress = serverAddress
        self.serverPort = serverPort
        self.origin = "http://\(serverAddress):\(serverPort)"
        self.instruments = ClientInstruments(
            telemetry: telemetry, serverAddress: serverAddress, serverPort: serverPort)
    }

    public func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        try await self.send(request, template: nil, deadline: deadline)
    }

    /// Sends a request and gives the answer, whatever its status.
    ///
    /// - Parameters:
    ///   - template: the path's template, for `url.template` and, where `spanName` is nil, the span's name.
    ///   - spanName: for callers that have it at hand.
    /// - Throws: `UpstreamError` when there is no answer.
    public func send(
        _ request: HTTPRequest, template: String?, spanName: String? = nil, deadline: Deadline
    ) async throws -> HTTPResponse {
        var request = request
        let parent = TelemetryContext.current
        let start = vitrine_monotonic_nanoseconds()
        let span = self.telemetry.tracer.startSpan(
            spanName ?? Self.spanName(request.method, template), kind: .client, startNanoseconds: start)
        self.decorate(&request, span: span, baggage: parent.baggage, deadline: deadline)
        do {
            let injected = try await self.meetFaults(request, template, parent.baggage, span, deadline: deadline)
            let response =
                if let injected { injected } else { try await self.transport.send(request, deadline: deadline) }
            self.finish(span, request, template, status: response.status, error: nil, since: start)
            return response
        } catch {
            let error = UpstreamError(name: self.name, cause: error)
            self.finish(span, request, template, status: nil, error: error, since: start)
            throw error
        }
    }

    /// The answer that a fault gives in the upstream's place, if one does.
    private func meetFaults(
        _ request: HTTPRequest, _ template: String?, _ baggage: Baggage, _ span: ActiveSpan, deadline: Deadline
    ) async throws -> HTTPResponse? {
        guard let faults = self.faults, faults.isActive(at: .client) else { return nil }
        return try await faults.beforeSending(
            to: self.name.rawValue, route: Self.spanName(request.method, template ?? request.path), baggage: baggage,
            deadline: deadline, span: span)?.response
    }

    private static func spanName(_ method: HTTPMethod, _ template: String?) -> String {
        template.map { "\(method.spanName) \($0)" } ?? method.spanName
    }

    private func decorate(
        _ request: inout HTTPRequest, span: ActiveSpan, baggage: Baggage, deadline: Deadline
    ) {
        if request.fields.containsAny(of: Self.ownFields) { request.fields = request.fields.removing(Self.ownFields) }
        request.fields.append(.xInternalToken, self.internalToken)
        let propagators = self.telemetry.propagators
        // A span that only passes an empty context on has nothing to say.
        if propagators.contains(.traceContext), span.context.isValid {
            W3CPropagator.withTraceparent(span.context) { request.fields.append(.traceparent, utf8: $0) }
            let state = span.context.traceState
            if !state.isEmpty { request.fields.append(.tracestate, state.header) }
        }
        if propagators.contains(.baggage), !baggage.isEmpty { request.fields.append(.baggage, baggage.header) }
        let milliseconds = deadline.remaining.wholeNanoseconds / 1_000_000
        request.fields.append(.xVitrineTimeout, decimal: max(1, Int(clamping: milliseconds)))
    }

    private func finish(
        _ span: ActiveSpan, _ request: HTTPRequest, _ template: String?, status: HTTPStatus?, error: UpstreamError?,
        since start: UInt64
    ) {
        let end = vitrine_monotonic_nanoseconds()
        let errorType = error?.errorType ?? status.flatMap { $0.code >= 400 ? String($0.code) : nil }
        if span.isRecording {
            var attributes: [Attribute] = [
                .httpRequestMethod(request.method.telemetryName), .serverAddress(self.serverAddress),
                .serverPort(self.serverPort), .urlFull(self.origin + request.path),
            ]
            if let template { attributes.append(.urlTemplate(template)) }
            if let status { attributes.append(.httpResponseStatusCode(status.code)) }
            if let errorType { attributes.append(.errorType(errorType)) }
            // A client span is in error on 4xx too (HTTP spans, "Status").
            let spanStatus: SpanStatus = errorType == nil ? .unset : .error(error?.description ?? "")
            span.end(at: end, attributes: attributes, status: spanStatus)
        }
        self.instruments.record(
            method: request.method, status: status?.code ?? 0, errorType: errorType, nanoseconds: end &- start)
    }
}
