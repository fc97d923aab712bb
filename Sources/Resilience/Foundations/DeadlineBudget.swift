/// The instant by which a call must be done, in monotonic nanoseconds, and what of it may be spent where.
public struct DeadlineBudget: Sendable, Hashable, Comparable {
    public let deadline: UInt64

    public init(deadline: UInt64) { self.deadline = deadline }

    /// So much time from now on; none at all for what is negative.
    public init(remaining: Duration, now: UInt64) {
        self.deadline = now.saturatingAdd(remaining.clampedNanoseconds)
    }

    /// Never comes.
    public static let none = DeadlineBudget(deadline: .max)

    /// Nanoseconds left; 0 once it has passed.
    public func remaining(now: UInt64) -> UInt64 { self.deadline.saturatingSubtract(now) }

    public func isExceeded(now: UInt64) -> Bool { now >= self.deadline }

    /// What a callee gets: the same instant less what its caller needs after it has answered. Each hop keeps its
    /// reserve, so that the innermost gives up first and every caller still has time to say so.
    ///
    /// - Parameter shareMax: the reserve is at most this share of what is left, so that a short deadline is not all
    ///   reserve.
    public func forNextHop(reserve: Duration, shareMax: Double = 0.1, now: UInt64) -> DeadlineBudget {
        let remaining = self.remaining(now: now)
        guard self.deadline != .max else { return self }
        let reserve = min(reserve.clampedNanoseconds, UInt64(Double(remaining) * min(max(0, shareMax), 1)))
        return DeadlineBudget(deadline: self.deadline - reserve)
    }

    /// The earlier of this and `duration` from now: a timeout of one's own never prolongs the caller's deadline.
    public func limited(to duration: Duration, now: UInt64) -> DeadlineBudget {
        min(self, DeadlineBudget(remaining: duration, now: now))
    }

    /// Whether something that takes so long can still be done.
    public func fits(nanoseconds: UInt64, now: UInt64) -> Bool { nanoseconds < self.remaining(now: now) }

    public static func < (left: DeadlineBudget, right: DeadlineBudget) -> Bool { left.deadline < right.deadline }
}
