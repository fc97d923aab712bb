/// Makes an experiment's load and knows afterwards what it was promised.
public protocol LoadSource: Sendable {
    /// Runs until it is cancelled, and tells of each request as it ends.
    ///
    /// - Parameter clock: seconds since the run began, which outcomes are dated by.
    /// - Throws: `CannotRun` when there can be no load at all, such as when nobody can be registered.
    func run(clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) async throws
    /// Looks, as its owner, for each order whose placing was acknowledged.
    ///
    /// - Returns: how many were looked for, and those that are not there.
    func audit() async -> OrderAudit
}

/// Whether acknowledged orders are there.
public struct OrderAudit: Sendable, Hashable {
    public let acknowledged: Int
    /// The ids of those that were not found, or could not be asked for.
    public let missing: [String]

    public init(acknowledged: Int, missing: [String]) {
        self.acknowledged = acknowledged
        self.missing = missing
    }
}

/// Counts seconds since a run began.
public struct RunClock: Sendable {
    public let start: ContinuousClock.Instant

    public init(start: ContinuousClock.Instant = .now) { self.start = start }

    public var now: Double { self.seconds(at: .now) }

    public func seconds(at instant: ContinuousClock.Instant) -> Double {
        let elapsed = self.start.duration(to: instant).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    /// Waits until a second of the run.
    /// - Throws: `CancellationError`.
    func sleep(until seconds: Double) async throws {
        try await Task.sleep(until: self.start.advanced(by: .milliseconds(Int(seconds * 1_000))), clock: .continuous)
    }
}
