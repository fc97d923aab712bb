import CSystem
import HTTPCore
import HTTPEngine
import NetworkIO
import Resilience
import Synchronization
import Telemetry

/// What stands around every call of one upstream, whatever protocol carries it: a circuit breaker, retries within a
/// budget, and the judgement of its endpoints.
final class UpstreamGuard: Sendable {
    let breaker: CircuitBreaker
    let retrier: Retrier
    private let deadlines: DeadlineCounts
    /// Nil for an upstream of one endpoint, which is the breaker's own matter.
    private let outliers: EndpointWatch?

    /// - Parameter eject: passes an endpoint over until an instant, in monotonic nanoseconds.
    init(
        _ name: ServiceName, _ settings: ResilienceSettings, endpoints: [HTTPEndpoint], telemetry: Telemetry,
        eject: @escaping @Sendable (HTTPEndpoint, UInt64) -> Void
    ) {
        self.breaker = CircuitBreaker(name.rawValue, settings.breaker, telemetry: telemetry)
        self.retrier = Retrier(
            client: name.rawValue, settings.retries, budget: RetryBudget(settings.budget), telemetry: telemetry)
        self.deadlines = DeadlineCounts(client: name.rawValue, telemetry: telemetry)
        self.outliers = endpoints.count > 1 ? EndpointWatch(endpoints, eject) : nil
    }

    /// Counts a call; its first attempt is the caller's own to make.
    func callBegan() { self.retrier.callBegan() }

    /// Makes attempts after a first one, where that is allowed and may help.
    ///
    /// - Parameter attempt: gets the number of resends before it.
    func goOn<T>(
        after first: Result<T, any Error>, isIdempotent: Bool, deadline: Deadline,
        classify: (Result<T, any Error>) -> AttemptVerdict, _ attempt: (_ resends: Int) async throws -> T
    ) async throws -> T {
        try await self.retrier.goOn(
            after: first, isIdempotent: isIdempotent,
            deadline: DeadlineBudget(remaining: deadline.remaining, now: vitrine_monotonic_nanoseconds()),
            sleep: Self.sleep, classify: classify, attempt)
    }

    /// Takes down how an attempt ended.
    func record(
        _ outcome: CallOutcome, for permit: CircuitPermit, start: UInt64, end: UInt64, span: ActiveSpan?,
        isTimeout: Bool, endpoint: HTTPEndpoint?
    ) {
        self.breaker.record(outcome, for: permit, start: start, end: end, span: span)
        if isTimeout { self.deadlines.exceeded(in: span?.context) }
        if let endpoint { self.outliers?.record(outcome, of: endpoint, now: end) }
    }

    /// What notes the endpoint of an attempt; nil where there is but one.
    func endpointNote() -> EndpointNote? { self.outliers == nil ? nil : EndpointNote() }

    private static func sleep(_ nanoseconds: UInt64) async throws {
        try Task.checkCancellation()
        if let loop = EventLoop.current {
            await loop.sleep(.nanoseconds(Int64(clamping: nanoseconds)))
        } else {
            try await Task.sleep(for: .nanoseconds(Int64(clamping: nanoseconds)))
        }
        try Task.checkCancellation()
    }
}

/// Which endpoint took an attempt; set on the loop while the attempt waits.
final class EndpointNote: Sendable {
    /// The note of the attempt that the current task makes, for transports that are handed a request and no more.
    @TaskLocal static var current: EndpointNote?

    private let chosen = Mutex<HTTPEndpoint?>(nil)

    var endpoint: HTTPEndpoint? { self.chosen.withLock { $0 } }

    func set(_ endpoint: HTTPEndpoint) { self.chosen.withLock { $0 = endpoint } }
}

/// Passes endpoints over that fail where the others do not.
final class EndpointWatch: Sendable {
    private let outliers: Mutex<EndpointOutliers>
    private let endpoints: [String: HTTPEndpoint]
    private let eject: @Sendable (HTTPEndpoint, UInt64) -> Void

    init(_ endpoints: [HTTPEndpoint], _ eject: @escaping @Sendable (HTTPEndpoint, UInt64) -> Void) {
        let names = endpoints.map(\.description)
        self.outliers = Mutex(EndpointOutliers(endpoints: names))
        self.endpoints = Dictionary(zip(names, endpoints)) { first, _ in first }
        self.eject = eject
    }

    func record(_ outcome: CallOutcome, of endpoint: HTTPEndpoint, now: UInt64) {
        let ejections = self.outliers.withLock { $0.record(outcome, of: endpoint.description, now: now) }
        for ejection in ejections {
            if let endpoint = self.endpoints[ejection.endpoint] { self.eject(endpoint, ejection.until) }
        }
    }
}
