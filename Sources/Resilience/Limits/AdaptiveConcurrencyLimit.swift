/// How a request ended, as far as a limit learns from it.
public enum LoadOutcome: Sendable, Hashable {
    /// Its latency counts.
    case completed
    /// It timed out or was refused further down: the limit is too high.
    case dropped
    /// Its latency says nothing about load: cancelled, or failed at once.
    case ignored
}

/// How many requests may be in flight, found out from their latency: while it stays near what it is without a queue the
/// limit grows, and when a queue builds up anywhere below it shrinks.
///
/// A value without clock or lock. Samples are gathered over a window, so that one slow request does not move the limit.
/// - SeeAlso: Netflix concurrency-limits, "Gradient2"; Envoy, "Adaptive concurrency".
public struct AdaptiveConcurrencyLimit: Sendable {
    public struct Settings: Sendable, Hashable {
        /// Where it begins; 64 by default.
        public var initial = 64
        /// It never falls below; 8 by default.
        public var smallest = 8
        /// It never rises above; 1,000 by default.
        public var largest = 1_000
        /// How much longer than usual requests may take before the limit shrinks; 1.5 by default, at least 1.
        public var tolerance = 1.5
        /// How fast it follows, above 0 up to 1; 0.2 by default.
        public var smoothing = 0.2
        /// The shortest window; 100 ms by default.
        public var window = Duration.milliseconds(100)
        /// Samples a window needs; 10 by default.
        public var samplesMin = 10
        /// Windows the usual latency is averaged over; 600 by default.
        public var longWindows = 600
        /// What is left of the limit after a window in which something was dropped; 0.9 by default.
        public var dropFactor = 0.9

        public init() {}
    }

    public let settings: Settings
    public private(set) var inFlight = 0
    private var exactLimit: Double
    /// The usual latency in nanoseconds; 0 before the first window.
    private var usual = 0.0
    private var windowCount = 0
    private var sum = 0.0
    private var samples = 0
    private var inFlightPeak = 0
    private var hasDropped = false
    private var windowEnd: UInt64 = 0

    /// Requests that may be in flight now.
    public var limit: Int { Int(self.exactLimit) }

    public init(_ settings: Settings = .init()) {
        var settings = settings
        settings.smallest = max(1, settings.smallest)
        settings.largest = max(settings.smallest, settings.largest)
        settings.tolerance = max(1, settings.tolerance)
        settings.smoothing = min(max(0.01, settings.smoothing), 1)
        settings.samplesMin = max(1, settings.samplesMin)
        settings.longWindows = max(1, settings.longWindows)
        settings.dropFactor = min(max(0.1, settings.dropFactor), 1)
        self.settings = settings
        self.exactLimit = Double(min(max(settings.smallest, settings.initial), settings.largest))
    }

    /// Takes a request in, if that leaves it within `share` of the limit; one is always allowed.
    ///
    /// - Parameter cap: a bound from outside that the limit must not exceed meanwhile.
    public mutating func begin(share: Double = 1, cap: Double = .infinity) -> Bool {
        guard self.inFlight < max(1, Int(min(self.exactLimit, cap) * share)) else { return false }
        self.inFlight += 1
        self.inFlightPeak = max(self.inFlightPeak, self.inFlight)
        return true
    }

    /// A request that was taken in is over.
    public mutating func end(_ outcome: LoadOutcome, latencyNanoseconds: UInt64, now: UInt64) {
        self.inFlight -= 1
        switch outcome {
        case .ignored: return
        case .dropped: self.hasDropped = true
        case .completed:
            self.sum += Double(latencyNanoseconds)
            self.samples += 1
        }
        if self.windowEnd == 0 { self.windowEnd = now.saturatingAdd(self.settings.window.clampedNanoseconds) }
        guard now >= self.windowEnd, self.hasDropped || self.samples >= self.settings.samplesMin else { return }
        self.update()
        self.windowEnd = now.saturatingAdd(self.settings.window.clampedNanoseconds)
    }

    private mutating func update() {
        defer {
            self.sum = 0
            self.samples = 0
            self.inFlightPeak = self.inFlight
            self.hasDropped = false
        }
        if self.hasDropped {
            self.set(self.exactLimit * self.settings.dropFactor)
            return
        }
        let latency = max(1, self.sum / Double(self.samples))
        self.learn(latency)
        // With half of it unused the limit was not what made the latency.
        guard Double(self.inFlightPeak) >= self.exactLimit / 2 else { return }
        let gradient = min(1, max(0.5, self.settings.tolerance * self.usual / latency))
        // Room for a queue that grows with the limit's root: small limits can move, large ones stay calm.
        let target = self.exactLimit * gradient + self.exactLimit.squareRoot()
        self.set(self.exactLimit * (1 - self.settings.smoothing) + target * self.settings.smoothing)
    }

    private mutating func learn(_ latency: Double) {
        self.windowCount = min(self.windowCount + 1, self.settings.longWindows)
        self.usual += (latency - self.usual) / Double(self.windowCount)
        // After a long overload "usual" is far too much; it is forgotten faster then, or the limit would only grow.
        if self.usual > 2 * latency { self.usual *= 0.95 }
    }

    private mutating func set(_ limit: Double) {
        self.exactLimit = min(max(Double(self.settings.smallest), limit), Double(self.settings.largest))
    }
}
