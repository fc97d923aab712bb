/// Which endpoints of one upstream get no calls for a while, because they fail where the others do not.
///
/// A value without clock or lock. Instants are monotonic nanoseconds.
/// - SeeAlso: Envoy, "Outlier detection". Success rates are compared with those of the others taken together rather
///   than by standard deviation, which tells nothing about three endpoints of which one fails.
public struct EndpointOutliers: Sendable {
    public struct Settings: Sendable, Hashable {
        /// Failures in a row that eject; 5 by default.
        public var consecutiveFailuresMax = 5
        /// How often success rates are compared; 10 s by default.
        public var interval = Duration.seconds(10)
        /// Calls an endpoint must have had in an interval to be compared; 20 by default.
        public var callsMin = 20
        /// How far below the others' success rate ejects, from 0 to 1; 0.3 by default.
        public var successMargin = 0.3
        /// The first ejection's time; 10 s by default. The n-th without a good interval between lasts n times as long.
        public var ejectionBase = Duration.seconds(10)
        /// The longest ejection; 300 s by default.
        public var ejectionMax = Duration.seconds(300)
        /// Share of the endpoints that may be ejected at once; 0.5 by default. One endpoint at least is always left.
        public var ejectedShareMax = 0.5
        /// Endpoints known at most; 256 by default. Those beyond are never ejected, and counted.
        public var endpointsMax = 256

        public init() {}
    }

    /// Why an endpoint was ejected.
    public enum Reason: String, Sendable, Hashable {
        case consecutiveFailures = "consecutive_failures"
        case successRate = "success_rate"
    }

    public struct Ejection: Sendable, Hashable {
        public let endpoint: String
        public let reason: Reason
        public let until: UInt64
    }

    fileprivate struct Endpoint: Sendable {
        var consecutiveFailures = 0
        var successes = 0
        var calls = 0
        /// 0 while it takes part.
        var ejectedUntil: UInt64 = 0
        var ejections = 0

        func isEjected(now: UInt64) -> Bool { self.ejectedUntil > now }
    }

    public let settings: Settings
    private var endpoints: [String: Endpoint] = [:]
    private var intervalEnd: UInt64 = 0
    /// Calls of endpoints that there was no room for.
    public private(set) var unknownCount = 0
    /// Ejections that were due and would have left too few.
    public private(set) var sparedCount = 0

    public init(_ settings: Settings = .init(), endpoints: [String] = []) {
        self.settings = settings
        for endpoint in endpoints.prefix(max(1, settings.endpointsMax)) { self.endpoints[endpoint] = Endpoint() }
    }

    /// Makes `names` all there are: what is gone is forgotten, what is new begins well.
    public mutating func replaceEndpoints(_ names: [String]) {
        var kept: [String: Endpoint] = [:]
        for name in names.prefix(max(1, self.settings.endpointsMax)) { kept[name] = self.endpoints[name] ?? Endpoint() }
        self.endpoints = kept
    }

    /// Takes down how a call of an endpoint ended.
    /// - Returns: the ejections that follow, none as a rule.
    public mutating func record(_ outcome: CallOutcome, of name: String, now: UInt64) -> [Ejection] {
        let compared = self.compareIfDue(now: now)
        guard outcome != .ignored, self.learn(name), !self.isEjected(name, now: now) else { return compared }
        let failures = self.endpoints[name, default: Endpoint()].take(isFailure: outcome == .failure)
        guard failures >= self.settings.consecutiveFailuresMax else { return compared }
        guard let ejection = self.eject(name, .consecutiveFailures, now: now) else { return compared }
        return compared + [ejection]
    }

    /// Whether an endpoint should get no calls now.
    public func isEjected(_ name: String, now: UInt64) -> Bool {
        self.endpoints[name]?.isEjected(now: now) ?? false
    }

    /// Those that take part now, in alphabetical order; never none while there are any.
    public func available(now: UInt64) -> [String] {
        self.endpoints.filter { !$0.value.isEjected(now: now) }.keys.sorted()
    }

    public func ejectedCount(now: UInt64) -> Int { self.endpoints.values.count { $0.isEjected(now: now) } }

    /// How many may be ejected at once.
    public var ejectedMax: Int {
        let count = self.endpoints.count
        let share = Int(Double(count) * min(max(0, self.settings.ejectedShareMax), 1))
        // A small share of few endpoints would be none at all.
        return min(max(0, count - 1), max(self.settings.ejectedShareMax > 0 ? 1 : 0, share))
    }

    private mutating func learn(_ name: String) -> Bool {
        if self.endpoints[name] != nil { return true }
        guard self.endpoints.count < self.settings.endpointsMax else {
            self.unknownCount += 1
            return false
        }
        self.endpoints[name] = Endpoint()
        return true
    }

    private mutating func eject(_ name: String, _ reason: Reason, now: UInt64) -> Ejection? {
        guard var endpoint = self.endpoints[name], !endpoint.isEjected(now: now) else { return nil }
        guard self.ejectedCount(now: now) < self.ejectedMax else {
            self.sparedCount += 1
            return nil
        }
        endpoint.ejections += 1
        let times = UInt64(clamping: endpoint.ejections)
        let (length, overflows) = self.settings.ejectionBase.clampedNanoseconds.multipliedReportingOverflow(by: times)
        let longest = self.settings.ejectionMax.clampedNanoseconds
        endpoint.ejectedUntil = now.saturatingAdd(overflows ? longest : min(length, longest))
        endpoint.consecutiveFailures = 0
        endpoint.calls = 0
        endpoint.successes = 0
        self.endpoints[name] = endpoint
        return Ejection(endpoint: name, reason: reason, until: endpoint.ejectedUntil)
    }

    private mutating func compareIfDue(now: UInt64) -> [Ejection] {
        guard now >= self.intervalEnd else { return [] }
        let isFirst = self.intervalEnd == 0
        self.intervalEnd = now.saturatingAdd(max(1, self.settings.interval.clampedNanoseconds))
        return isFirst ? [] : self.compare(now: now)
    }

    private mutating func compare(now: UInt64) -> [Ejection] {
        let judged = self.endpoints.filter { !$0.value.isEjected(now: now) && $0.value.calls >= self.settings.callsMin }
        let calls = judged.values.reduce(0) { $0 + $1.calls }
        let successes = judged.values.reduce(0) { $0 + $1.successes }
        // The worst first: should only some be ejected, it is they. Names decide between equals.
        let below = judged.filter { _, endpoint in
            guard calls > endpoint.calls else { return false }
            let others = Double(successes - endpoint.successes) / Double(calls - endpoint.calls)
            return endpoint.successRate < others - self.settings.successMargin
        }.sorted { ($0.value.successRate, $0.key) < ($1.value.successRate, $1.key) }
        let ejections = below.compactMap { self.eject($0.key, .successRate, now: now) }
        for name in self.endpoints.keys { self.endpoints[name]?.beginInterval(now: now, self.settings.callsMin) }
        return ejections
    }
}

extension EndpointOutliers.Endpoint {
    fileprivate var successRate: Double { self.calls == 0 ? 1 : Double(self.successes) / Double(self.calls) }

    /// Failures in a row, this one included.
    fileprivate mutating func take(isFailure: Bool) -> Int {
        self.calls += 1
        self.successes += isFailure ? 0 : 1
        self.consecutiveFailures = isFailure ? self.consecutiveFailures + 1 : 0
        return self.consecutiveFailures
    }

    /// A good interval takes one ejection back.
    fileprivate mutating func beginInterval(now: UInt64, _ callsMin: Int) {
        if !self.isEjected(now: now), self.ejections > 0, self.calls >= callsMin { self.ejections -= 1 }
        self.calls = 0
        self.successes = 0
    }
}
