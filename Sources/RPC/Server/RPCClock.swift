/// Time, as deadlines are watched by it: the machine's, or a test's.
public struct RPCClock: Sendable {
    public let now: @Sendable () -> ContinuousClock.Instant
    /// Returns at an instant, or throws `CancellationError`.
    public let sleep: @Sendable (_ until: ContinuousClock.Instant) async throws -> Void

    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        sleep: @escaping @Sendable (_ until: ContinuousClock.Instant) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's.
    public static let continuous = RPCClock(
        now: { ContinuousClock.now }, sleep: { try await ContinuousClock().sleep(until: $0) })
}
