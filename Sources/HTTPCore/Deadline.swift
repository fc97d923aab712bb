/// The instant by which something must be done. A deadline is handed on unchanged, where a timeout would start anew at
/// every hop.
public struct Deadline: Sendable, Hashable, Comparable {
    public let instant: ContinuousClock.Instant

    @inlinable
    public init(_ instant: ContinuousClock.Instant) {
        self.instant = instant
    }

    /// `duration` from now.
    @inlinable
    public static func after(_ duration: Duration) -> Deadline {
        Deadline(ContinuousClock.now.advanced(by: duration))
    }

    /// So far away (100 years) that it never comes.
    public static let distantFuture = Deadline.after(.seconds(100 * 365 * 86_400))

    /// The time left; negative once past.
    @inlinable
    public var remaining: Duration { ContinuousClock.now.duration(to: self.instant) }

    @inlinable
    public var isPast: Bool { ContinuousClock.now >= self.instant }

    @inlinable
    public static func < (left: Deadline, right: Deadline) -> Bool { left.instant < right.instant }
}
