import Faults
public import HTTPCore
public import Telemetry

extension FaultInjector {
    /// Lets a request meet the faults of point `server` before it is handled.
    ///
    /// - Parameters:
    ///   - route: the name of its span, `GET /api/v1/products/{id}` or `vitrine.product.v1.ProductService/GetProduct`.
    ///   - span: the request's.
    /// - Returns: what is to happen to the body of the answer; nil when nothing is.
    /// - Throws: `InjectedFailure` in place of an answer; `CancellationError`.
    public func beforeHandling(
        route: String, baggage: Baggage, deadline: Deadline, span: ActiveSpan? = TelemetryContext.current.span
    ) async throws -> BodyHarm? {
        let injections = self.registry.inject(at: .server, FaultCall(route, baggage: baggage), span: span)
        guard !injections.isEmpty else { return nil }
        try await self.delay(injections, until: deadline)
        // Whoever is that late has nothing to say any more.
        if deadline.isPast, let late = injections.first(where: { $0.delay > .zero }) {
            throw InjectedFailure(manner: .timedOut, fault: late.id)
        }
        var harm = BodyHarm(injector: self, deadline: deadline)
        for injection in injections {
            switch injection.effect {
            case .error(let failure): throw InjectedFailure(manner: .answered(failure), fault: injection.id)
            case .reset: throw InjectedFailure(manner: .reset, fault: injection.id)
            case .hang:
                if try await self.hang(injection.id, until: deadline) {
                    throw InjectedFailure(manner: .timedOut, fault: injection.id)
                }
            case .truncate(let bytes): harm.afterBytes = bytes
            case .slowBody(let rate): harm.slowness = (injection.id, rate)
            default: break
            }
        }
        return harm.isAny ? harm : nil
    }
}

/// What is to happen to the body of an answer.
public struct BodyHarm: Sendable {
    let injector: FaultInjector
    let deadline: Deadline
    /// Breaks off after this many bytes.
    var afterBytes: Int?
    /// The fault, and the bytes a second that it lets through.
    var slowness: (fault: String, bytesPerSecond: Int)?

    init(injector: FaultInjector, deadline: Deadline) {
        self.injector = injector
        self.deadline = deadline
    }

    var isAny: Bool { self.afterBytes != nil || self.slowness != nil }

    /// The answer with its body harmed. One that is to be cut off and has no body is broken off as a whole.
    public func applied(to response: HTTPResponse) -> HTTPResponse {
        var response = response
        let length = response.body.length
        if length == 0 {
            response.isAborted = self.afterBytes != nil
            return response
        }
        // Whatever the fault says, the last byte is missing.
        let limit = self.afterBytes.map { min($0, length.map { $0 - 1 } ?? $0) }
        response.body = .stream(HarmedBodyStream(response.body, self, limit: limit), length: length)
        return response
    }
}
