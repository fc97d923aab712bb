import CSystem
import HTTPCore
import HTTPEngine
import Resilience
import Synchronization
import Telemetry

/// What stands around every call of one upstream, whatever protocol carries it: a circuit breaker, retries within a
/// budget, and the judgement of its endpoints.
final class UpstreamGuard: Sendable {
    let breaker: CircuitBreaker
    let retrier: Retrier
    private let bulkhead: Bulkhead
    private let deadlines: DeadlineCounts
    /// Nil for an upstream of one endpoint, which is the breaker's own matter.
    private let outliers: EndpointWatch?
    private let ejections: OutlierCounts

    /// - Parameter eject: passes an endpoint over until an instant, in monotonic nanoseconds.
    init(
        _ name: ServiceName, _ settings: ResilienceSettings, endpoints: [HTTPEndpoint], telemetry: Telemetry,
        eject: @escaping @Sendable (HTTPEndpoint, UInt64) -> Void
    ) {
        self.breaker = CircuitBreaker(name.rawValue, settings.breaker, telemetry: telemetry)
        self.retrier = Retrier(
            client: name.rawValue, settings.retries, budget: RetryBudget(settings.budget), telemetry: telemetry)
        self.bulkhead = Bulkhead(name.rawValue, settings.bulkhead, telemetry: telemetry)
        self.deadlines = DeadlineCounts(client: name.rawValue, telemetry: telemetry)
        let outliers = endpoints.count > 1 ? EndpointWatch(endpoints, log: telemetry.log, eject) : nil
        self.outliers = outliers
        self.ejections = OutlierCounts(client: name.rawValue, telemetry: telemetry) {
            outliers?.ejectedCount(now: vitrine_monotonic_nanoseconds()) ?? 0
        }
    }

    /// Lets a call in, among so many in flight, and counts it; its first attempt is the caller's own to make. To be ended
    /// by `callEnded`, once, unless this throws.
    ///
    /// A call that the breaker is going to refuse takes no place, so that it is told at once however many hang.
    /// - Returns: whether it has a place, which `callEnded` gives back.
    /// - Throws: `BulkheadRejection`, `CancellationError`.
    func callBegan(deadline: Deadline) async throws -> Bool {
        let isRefused = self.breaker.refuses(now: vitrine_monotonic_nanoseconds())
        if !isRefused { try await self.bulkhead.enter(deadline: Self.budget(deadline), sleep: Self.sleep) }
        self.retrier.callBegan()
        return !isRefused
    }

    func callEnded(hasPlace: Bool) { if hasPlace { self.bulkhead.leave() } }

    private static func budget(_ deadline: Deadline) -> DeadlineBudget {
        DeadlineBudget(remaining: deadline.remaining, now: vitrine_monotonic_nanoseconds())
    }

    /// Makes attempts after a first one, where that is allowed and may help.
    ///
    /// - Parameter attempt: gets the number of resends before it.
    func goOn<T>(
        after first: Result<T, any Error>, isIdempotent: Bool, deadline: Deadline,
        classify: (Result<T, any Error>) -> AttemptVerdict, _ attempt: (_ resends: Int) async throws -> T
    ) async throws -> T {
        try await self.retrier.goOn(
            after: first, isIdempotent: isIdempotent,
            deadline: Self.budget(deadline), sleep: Self.sleep, classify: classify, attempt)
    }

    /// Takes down how an attempt ended.
    func record(
        _ outcome: CallOutcome, for permit: CircuitPermit, start: UInt64, end: UInt64, span: ActiveSpan?,
        isTimeout: Bool, endpoint: HTTPEndpoint?
    ) {
        self.breaker.record(outcome, for: permit, start: start, end: end, span: span)
        if isTimeout { self.deadlines.exceeded(in: span?.context) }
        if let endpoint, let outliers = self.outliers {
            self.ejections.record(outliers.record(outcome, of: endpoint, now: end))
        }
    }

    /// What notes the endpoint of an attempt; nil where there is but one.
    func endpointNote() -> EndpointNote? { self.outliers == nil ? nil : EndpointNote() }

    /// Cancellable, which a timer of the loop is not: whoever gives up must not be waited for.
    private static let sleep: @Sendable (UInt64) async throws -> Void = { nanoseconds in
        try await Task.sleep(for: .nanoseconds(Int64(clamping: nanoseconds)))
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
    private let log: Logger?
    private let eject: @Sendable (HTTPEndpoint, UInt64) -> Void

    init(
        _ endpoints: [HTTPEndpoint], log: Logger? = nil, _ eject: @escaping @Sendable (HTTPEndpoint, UInt64) -> Void
    ) {
        self.log = log
        let names = endpoints.map(\.description)
        self.outliers = Mutex(EndpointOutliers(endpoints: names))
        self.endpoints = Dictionary(zip(names, endpoints)) { first, _ in first }
        self.eject = eject
    }

    /// - Returns: how many endpoints are passed over because of it, 0 as a rule.
    @discardableResult
    func record(_ outcome: CallOutcome, of endpoint: HTTPEndpoint, now: UInt64) -> Int {
        let ejections = self.outliers.withLock { $0.record(outcome, of: endpoint.description, now: now) }
        for ejection in ejections {
            guard let endpoint = self.endpoints[ejection.endpoint] else { continue }
            self.eject(endpoint, ejection.until)
            let attributes: [Attribute] = [
                .serverAddress(ejection.endpoint), .errorMessage(ejection.reason.rawValue),
            ]
            if let log = self.log { log.warning("endpoint ejected", attributes) }
        }
        return ejections.count
    }

    func ejectedCount(now: UInt64) -> Int { self.outliers.withLock { $0.ejectedCount(now: now) } }
}
