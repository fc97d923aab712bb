import Synchronization

/// What resends may be in all: a share of the calls, and a few each second besides, so that a client with little
/// traffic can retry too. When everything fails, upstream load grows by the share and no more.
///
/// Lock-free: a call of a healthy upstream costs one atomic load, because its balance is full.
/// - SeeAlso: Finagle's `RetryBudget`; gRPC A6, "Retry throttling"; *Site Reliability Engineering*, "Handling
///   Overload".
public final class RetryBudget: Sendable {
    public struct Settings: Sendable, Hashable {
        /// Resends for each call, from 0 to 1; 0.1 by default.
        public var share = 0.1
        /// Resends saved up at most: what an outage may begin with; 10 by default, at least 1.
        public var savedMax = 10
        /// Resends a second that need no calls; 1 by default, 0 for none.
        public var perSecondMin = 1

        public init() {}
    }

    /// A call is worth so many units, and a resend costs as many: a share is then a whole number.
    private static let unit: Int64 = 1_000

    public let settings: Settings
    private let deposit: Int64
    private let balanceMax: Int64
    private let balance: Atomic<Int64>
    private let reserve: GCRA?
    private let arrival = Atomic<UInt64>(0)
    private let suspendedUntil = Atomic<UInt64>(0)

    public init(_ settings: Settings = .init()) {
        self.settings = settings
        self.deposit = Int64((min(max(0, settings.share), 1) * Double(Self.unit)).rounded())
        self.balanceMax = Int64(max(1, settings.savedMax)) * Self.unit
        self.balance = Atomic(self.balanceMax)
        self.reserve =
            settings.perSecondMin > 0 ? GCRA(rate: settings.perSecondMin, burst: settings.perSecondMin) : nil
    }

    /// Counts a call; not a resend.
    public func callBegan() {
        var old = self.balance.load(ordering: .relaxed)
        while old < self.balanceMax {
            let new = min(self.balanceMax, old + self.deposit)
            let (done, found) = self.balance.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if done { return }
            old = found
        }
    }

    /// Takes what a resend costs. False when there is not enough: then there must be no resend.
    ///
    /// - Parameter now: monotonic nanoseconds.
    public func takeResend(now: UInt64) -> Bool {
        if self.takeSaved() || self.takeReserve(now: now) { return true }
        return now < self.suspendedUntil.load(ordering: .relaxed)
    }

    /// Lets every resend through until an instant, for showing what then happens; 0 ends that.
    ///
    /// - Parameter until: monotonic nanoseconds. Ends by itself, whoever asked for it.
    public func suspend(until: UInt64) { self.suspendedUntil.store(until, ordering: .relaxed) }

    private func takeSaved() -> Bool {
        var old = self.balance.load(ordering: .relaxed)
        while old >= Self.unit {
            let (done, found) = self.balance.compareExchange(
                expected: old, desired: old - Self.unit, ordering: .relaxed)
            if done { return true }
            old = found
        }
        return false
    }

    private func takeReserve(now: UInt64) -> Bool {
        guard let reserve else { return false }
        var old = self.arrival.load(ordering: .relaxed)
        while true {
            var new = old
            guard case .admitted = reserve.take(&new, now: now) else { return false }
            let (done, found) = self.arrival.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if done { return true }
            old = found
        }
    }

    /// How much is saved up of what can be, from 0 to 1.
    public var remainingRatio: Double {
        Double(max(0, self.balance.load(ordering: .relaxed))) / Double(self.balanceMax)
    }
}
