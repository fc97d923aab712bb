/// How often a peer may send frames that cost it little and its receiver work: one bucket of tokens for each kind.
///
/// An honest peer never comes near; one that exceeds a budget is sent GOAWAY with ENHANCE_YOUR_CALM.
/// Source: RFC 9113, section 10.5; CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2025-8671.
public struct HTTP2FrameBudgets: Sendable, Hashable {
    /// Tokens at the start, which are also the most a bucket holds, and tokens that come back each second.
    public struct Rate: Sendable, Hashable {
        public var burst: Int
        public var perSecond: Int

        public init(burst: Int, perSecond: Int) {
            self.burst = burst
            self.perSecond = perSecond
        }
    }

    /// Streams reset by the peer, and streams that it made us reset.
    public var resets = Rate(burst: 200, perSecond: 100)
    public var settings = Rate(burst: 32, perSecond: 2)
    /// Beyond one for each HEADERS or DATA frame sent.
    public var pings = Rate(burst: 64, perSecond: 4)
    /// DATA without content that does not end its stream.
    public var emptyData = Rate(burst: 64, perSecond: 8)
    /// PRIORITY and PRIORITY_UPDATE.
    public var priorities = Rate(burst: 256, perSecond: 128)
    /// Beyond `windowUpdatesPerDataFrame` for each DATA frame sent.
    public var windowUpdates = Rate(burst: 1_024, perSecond: 256)

    public static let windowUpdatesPerDataFrame = 4

    public init() {}
}

/// What a peer does too much of.
public enum HTTP2Abuse: String, Sendable, Hashable, CaseIterable {
    case rapidReset = "rapid_reset"
    case settingsFlood = "settings_flood"
    case pingFlood = "ping_flood"
    case emptyDataFlood = "empty_data_flood"
    case priorityFlood = "priority_flood"
    case windowUpdateFlood = "window_update_flood"
    /// More CONTINUATION frames than allowed.
    case continuationFlood = "continuation_flood"
    /// More frames waiting for a peer that does not read.
    case outboundFlood = "outbound_flood"
}

/// The buckets of one connection, as a value without a clock.
struct HTTP2FrameBudget {
    private struct Bucket {
        /// Billionths of a token, so that a refill of any length is exact.
        var tokens: Int
        let burst: Int
        let perSecond: Int
        var filledAt: UInt64 = 0

        init(_ rate: HTTP2FrameBudgets.Rate) {
            self.burst = rate.burst &* 1_000_000_000
            self.tokens = self.burst
            self.perSecond = rate.perSecond
        }

        mutating func take(at now: UInt64) -> Bool {
            if self.filledAt == 0 || now < self.filledAt { self.filledAt = now }
            // Looked at only when it runs low: the common frame costs a comparison and a subtraction. A minute fills
            // every bucket there is sense in, and keeps the product in its range.
            if self.tokens < 1_000_000_000 {
                self.add(Int(min(now - self.filledAt, 60_000_000_000)) &* self.perSecond)
                self.filledAt = now
                guard self.tokens >= 1_000_000_000 else { return false }
            }
            self.tokens -= 1_000_000_000
            return true
        }

        mutating func add(_ amount: Int) { self.tokens = min(self.burst, self.tokens &+ amount) }
    }

    private var resets: Bucket
    private var settings: Bucket
    private var pings: Bucket
    private var emptyData: Bucket
    private var priorities: Bucket
    private var windowUpdates: Bucket

    init(_ budgets: HTTP2FrameBudgets) {
        self.resets = Bucket(budgets.resets)
        self.settings = Bucket(budgets.settings)
        self.pings = Bucket(budgets.pings)
        self.emptyData = Bucket(budgets.emptyData)
        self.priorities = Bucket(budgets.priorities)
        self.windowUpdates = Bucket(budgets.windowUpdates)
    }

    /// Takes one token.
    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: false when the bucket is empty.
    mutating func take(_ kind: HTTP2Abuse, at now: UInt64) -> Bool {
        switch kind {
        case .rapidReset: self.resets.take(at: now)
        case .settingsFlood: self.settings.take(at: now)
        case .pingFlood: self.pings.take(at: now)
        case .emptyDataFlood: self.emptyData.take(at: now)
        case .priorityFlood: self.priorities.take(at: now)
        case .windowUpdateFlood: self.windowUpdates.take(at: now)
        case .continuationFlood, .outboundFlood: false
        }
    }

    /// HEADERS or DATA were sent, which a peer that measures the way there may answer with a ping, as gRPC's Go client does.
    mutating func sentContent() { self.pings.add(1_000_000_000) }

    /// A DATA frame was sent, which the peer may answer with updates of its windows.
    mutating func sentData() {
        self.windowUpdates.add(HTTP2FrameBudgets.windowUpdatesPerDataFrame &* 1_000_000_000)
    }
}
