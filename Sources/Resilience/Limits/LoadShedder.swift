import Synchronization
public import Telemetry

/// How much a request matters. Under load the last are refused first.
public enum LoadPriority: String, MetricLabel, AttributeRepresentable {
    /// What earns money or must not be lost: checkout.
    case critical
    case normal
    /// What people can do without for a while: browsing, search.
    case sheddable
    /// What nobody waits for.
    case background

    public static var labelName: String { "priority" }
}

/// A request that was taken in; to be finished once.
public struct LoadPermit: Sendable, Hashable {
    public let priority: LoadPriority
    let begun: UInt64
}

/// Refuses requests before they cost anything when too many are in flight, the least important first: each priority may
/// fill a share of the adaptive limit.
public final class LoadShedder: Sendable {
    public struct Shares: Sendable, Hashable {
        public var critical = 1.0
        public var normal = 0.9
        public var sheddable = 0.75
        public var background = 0.5

        public init() {}

        subscript(_ priority: LoadPriority) -> Double {
            switch priority {
            case .critical: self.critical
            case .normal: self.normal
            case .sheddable: self.sheddable
            case .background: self.background
            }
        }
    }

    public let name: String
    public let shares: Shares
    private let limit: BriefMutex<AdaptiveConcurrencyLimit>
    /// An operator's bound, and until when it counts, in monotonic nanoseconds.
    private let capLimit = Atomic<Int>(0)
    private let capUntil = Atomic<UInt64>(0)
    private let shed: Counter<LoadPriority>?

    public init(
        _ name: String, _ settings: AdaptiveConcurrencyLimit.Settings = .init(), shares: Shares = .init(),
        telemetry: Telemetry? = nil
    ) {
        self.name = name
        self.shares = shares
        self.limit = BriefMutex(AdaptiveConcurrencyLimit(settings))
        self.shed = telemetry?.metrics.counter(BulkheadMetrics.shed)
        telemetry?.metrics.observable(BulkheadMetrics.inFlight) { [([name], Double(self.inFlight))] }
        telemetry?.metrics.observable(BulkheadMetrics.limit) { [([name], Double(self.currentLimit))] }
    }

    public var inFlight: Int { self.limit.withLock { $0.inFlight } }
    public var currentLimit: Int { self.limit.withLock { $0.limit } }

    /// Lowers the limit until an instant, for trying what shedding does, or to spare what lies behind; 0 ends that.
    ///
    /// - Parameter until: monotonic nanoseconds. Ends by itself, whoever asked for it.
    public func cap(_ limit: Int, until: UInt64) {
        self.capLimit.store(max(1, limit), ordering: .relaxed)
        self.capUntil.store(until, ordering: .releasing)
    }

    /// Takes a request in; nil, counted, when its priority's share is used up. The caller then answers 503 with
    /// `Retry-After`.
    ///
    /// - Parameter now: monotonic nanoseconds.
    public func admit(_ priority: LoadPriority, now: UInt64) -> LoadPermit? {
        let share = self.shares[priority]
        let isCapped = now < self.capUntil.load(ordering: .acquiring)
        let cap = isCapped ? Double(self.capLimit.load(ordering: .relaxed)) : .infinity
        if self.limit.withLock({ $0.begin(share: share, cap: cap) }) {
            return LoadPermit(priority: priority, begun: now)
        }
        self.shed?.add(1, priority)
        return nil
    }

    public func finish(_ permit: LoadPermit, _ outcome: LoadOutcome, now: UInt64) {
        let latency = now.saturatingSubtract(permit.begun)
        self.limit.withLock { $0.end(outcome, latencyNanoseconds: latency, now: now) }
    }
}
