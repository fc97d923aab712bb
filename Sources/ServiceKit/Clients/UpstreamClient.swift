import CSystem
import Faults
public import HTTPCore
import HTTPEngine
import NetworkIO
import Resilience
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
    private let guardian: UpstreamGuard?
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
            Attribute.urlTemplate, Attribute.httpResponseStatusCode, Attribute.httpRequestResendCount,
        ]
    }

    /// - Parameters:
    ///   - transport: what carries the request; an `HTTPUpstream`, or an in-process one in tests.
    ///   - faults: what calls meet on purpose; nil for nothing.
    public convenience init(
        name: ServiceName, transport: any HTTPTransport, serverAddress: String, serverPort: Int, internalToken: String,
        telemetry: Telemetry, faults: FaultInjector? = nil
    ) {
        self.init(
            name: name, transport: transport, serverAddress: serverAddress, serverPort: serverPort,
            internalToken: internalToken, telemetry: telemetry, faults: faults, guardian: nil)
    }

    /// - Parameter guardian: what stands around the calls; nil for nothing.
    init(
        name: ServiceName, transport: any HTTPTransport, serverAddress: String, serverPort: Int, internalToken: String,
        telemetry: Telemetry, faults: FaultInjector?, guardian: UpstreamGuard?
    ) {
        self.name = name
        self.transport = transport
        self.telemetry = telemetry
        self.internalToken = internalToken
        self.faults = faults
        self.guardian = guardian
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
    /// While the upstream's breaker is open the call is refused at once. A failed attempt is made again where that is
    /// safe: the request was not sent, or it is idempotent and all of it is at hand.
    /// - Parameters:
    ///   - template: the path's template, for `url.template` and, where `spanName` is nil, the span's name.
    ///   - spanName: for callers that have it at hand.
    /// - Throws: `UpstreamError` when there is no answer.
    public func send(
        _ request: HTTPRequest, template: String?, spanName: String? = nil, deadline: Deadline
    ) async throws -> HTTPResponse {
        let call = Call(request: request, template: template, name: spanName, deadline: deadline)
        // A probe is neither a call worth repeating nor one to judge the upstream by.
        guard let guardian = self.guardian, !TelemetryContext.current.isSuppressed else {
            return try await self.attempt(call, resends: 0, guardian: nil)
        }
        let hasPlace: Bool
        do { hasPlace = try await guardian.callBegan(deadline: deadline) } catch {
            throw UpstreamError(name: self.name, cause: error)
        }
        defer { guardian.callEnded(hasPlace: hasPlace) }
        let first: Result<HTTPResponse, any Error>
        do {
            let response = try await self.attempt(call, resends: 0, guardian: guardian)
            guard response.status.code > 500 else { return response }
            first = .success(response)
        } catch {
            first = .failure(error)
        }
        return try await self.resend(call, after: first, guardian)
    }

    /// What comes after a first attempt that did not go well.
    private func resend(
        _ call: Call, after first: Result<HTTPResponse, any Error>, _ guardian: UpstreamGuard
    ) async throws -> HTTPResponse {
        let isReplayable = if case .stream = call.request.body { false } else { true }
        var answer = try? first.get()
        return try await guardian.goOn(
            after: first, isIdempotent: call.request.method.isIdempotent, deadline: call.deadline,
            classify: { Self.verdict($0, isReplayable: isReplayable) },
            { resends in
                // The answer that is not handed on would keep its connection.
                if case .stream(let stream, _)? = answer?.body { stream.cancel() }
                let next = try await self.attempt(call, resends: resends, guardian: guardian)
                answer = next
                return next
            })
    }

    /// What all attempts of a call have in common.
    private struct Call {
        let request: HTTPRequest
        let template: String?
        let name: String?
        let deadline: Deadline

        var spanName: String { self.name ?? UpstreamClient.spanName(self.request.method, self.template) }
    }

    private func attempt(_ call: Call, resends: Int, guardian: UpstreamGuard?) async throws -> HTTPResponse {
        let start = vitrine_monotonic_nanoseconds()
        let permit: CircuitPermit?
        do throws(CircuitOpenError) { permit = try guardian?.breaker.permit(now: start) } catch {
            throw self.refuse(call, error, since: start)
        }
        var request = call.request
        let parent = TelemetryContext.current
        let span = self.telemetry.tracer.startSpan(call.spanName, kind: .client, startNanoseconds: start)
        self.decorate(&request, span: span, baggage: parent.baggage, deadline: call.deadline)
        let note = guardian?.endpointNote()
        let result: Result<HTTPResponse, UpstreamError>
        do {
            let injected = try await self.meetFaults(
                request, call.template, parent.baggage, span, deadline: call.deadline)
            if let injected {
                result = .success(injected)
            } else {
                result = .success(try await self.transport.send(request, deadline: call.deadline, noting: note))
            }
        } catch {
            result = .failure(UpstreamError(name: self.name, cause: error))
        }
        let end = vitrine_monotonic_nanoseconds()
        if let guardian, let permit {
            guardian.record(
                Self.outcome(result), for: permit, start: start, end: end, span: span,
                isTimeout: result.isTimeout, endpoint: note?.endpoint)
        }
        self.finish(span, request, call.template, result, resends: resends, start: start, end: end)
        return try result.get()
    }

    /// What is told of a call that the breaker does not let through.
    private func refuse(_ call: Call, _ refusal: CircuitOpenError, since start: UInt64) -> UpstreamError {
        refusal.recordSpan(
            call.spanName,
            attributes: [
                .httpRequestMethod(call.request.method.telemetryName), .serverAddress(self.serverAddress),
                .serverPort(self.serverPort),
            ], tracer: self.telemetry.tracer)
        self.instruments.record(
            method: call.request.method, status: 0, errorType: CircuitOpenError.errorType,
            nanoseconds: vitrine_monotonic_nanoseconds() &- start)
        return UpstreamError(name: self.name, cause: refusal)
    }

    /// What an attempt says of the upstream: an answer, even a refusal, is a sign of life; 500 and more is not.
    private static func outcome(_ result: Result<HTTPResponse, UpstreamError>) -> CallOutcome {
        switch result {
        case .success(let response):
            guard response.status.code >= 500, response.status != .notImplemented else { return .success }
            // It answers; those behind it do not, and have breakers of their own. How long that took says nothing of it.
            return response.fields.contains(.xVitrineFailure) ? .ignored : .failure
        case .failure(let error):
            if error.cause is CancellationError || Task.isCancelled { return .ignored }
            // The caller's own body broke off: nobody else's fault.
            if case .requestBody? = (error.cause as? HTTPClientError)?.reason { return .ignored }
            // Nor is it the upstream's that all of our own connections are in use.
            if case .queueFull? = (error.cause as? HTTPClientError)?.reason { return .ignored }
            return .failure
        }
    }

    private static func verdict(_ result: Result<HTTPResponse, any Error>, isReplayable: Bool) -> AttemptVerdict {
        switch result {
        case .success(let response):
            guard isReplayable, [502, 503, 504].contains(response.status.code) else { return .done }
            // Whoever is nearest to what failed has made the call again already.
            guard !response.fields.contains(.xVitrineFailure) else { return .done }
            let seconds = response.fields[.retryAfter].flatMap { UInt64($0) }
            return .failed(retryAfterNanoseconds: seconds.map { min($0, 3_600) * 1_000_000_000 })
        case .failure(let error):
            guard let error = error as? UpstreamError, let cause = error.cause as? HTTPClientError else { return .done }
            if case .requestBody = cause.reason { return .done }
            // Of a body that streams nothing has been read while there was no connection for it.
            guard isReplayable || cause.requestWasNotSent else { return .done }
            return .failed(wasNotSent: cause.requestWasNotSent)
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
        _ span: ActiveSpan, _ request: HTTPRequest, _ template: String?, _ result: Result<HTTPResponse, UpstreamError>,
        resends: Int, start: UInt64, end: UInt64
    ) {
        var status: HTTPStatus?
        var error: UpstreamError?
        switch result {
        case .success(let response): status = response.status
        case .failure(let failure): error = failure
        }
        let errorType = error?.errorType ?? status.flatMap { $0.code >= 400 ? String($0.code) : nil }
        if span.isRecording {
            var attributes: [Attribute] = [
                .httpRequestMethod(request.method.telemetryName), .serverAddress(self.serverAddress),
                .serverPort(self.serverPort), .urlFull(self.origin + request.path),
            ]
            if let template { attributes.append(.urlTemplate(template)) }
            if let status { attributes.append(.httpResponseStatusCode(status.code)) }
            if let errorType { attributes.append(.errorType(errorType)) }
            if resends > 0 { attributes.append(.httpRequestResendCount(resends)) }
            // A client span is in error on 4xx too (HTTP spans, "Status").
            let spanStatus: SpanStatus = errorType == nil ? .unset : .error(error?.description ?? "")
            span.end(at: end, attributes: attributes, status: spanStatus)
        }
        self.instruments.record(
            method: request.method, status: status?.code ?? 0, errorType: errorType, nanoseconds: end &- start)
    }
}

extension Result<HTTPResponse, UpstreamError> {
    fileprivate var isTimeout: Bool { if case .failure(let error) = self { error.isTimeout } else { false } }
}

extension HTTPTransport {
    /// Sends, and notes which endpoint takes the request if the transport has several and can tell.
    fileprivate func send(
        _ request: HTTPRequest, deadline: Deadline, noting note: EndpointNote?
    ) async throws -> HTTPResponse {
        guard let note, let upstream = self as? HTTPUpstream else {
            return try await self.send(request, deadline: deadline)
        }
        return try await upstream.send(request, deadline: deadline, onEndpoint: { note.set($0) })
    }
}
