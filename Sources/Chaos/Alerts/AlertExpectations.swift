/// What an experiment says of alerts: which its fault must raise, which it may, and that no other is raised.
public struct AlertExpectations: Sendable, Hashable {
    /// An alert that somebody has to be told of.
    public struct Demand: Sendable, Hashable {
        public let alert: String
        /// Labels that it must bear among others.
        public let labels: [String: String]
        /// How soon after the begin of the fault.
        public let withinSeconds: Double

        public init(alert: String, labels: [String: String] = [:], withinSeconds: Double) {
            self.alert = alert
            self.labels = labels
            self.withinSeconds = withinSeconds
        }
    }

    public let must: [Demand]
    /// Alerts that are no surprise: consequences that come in some runs, and what is explained by another alert.
    public let may: [String]
    /// How soon after the end of the fault those that must fire are over.
    public let resolveWithinSeconds: Double

    public init(must: [Demand], may: [String], resolveWithinSeconds: Double) {
        self.must = must
        self.may = may
        self.resolveWithinSeconds = resolveWithinSeconds
    }

    /// Always firing: that it arrives proves that alerts do.
    public static let watchdog = "Watchdog"

    /// The alerts it speaks of.
    public var names: Set<String> { Set(self.must.map(\.alert) + self.may) }
}

extension AlertExpectations.Demand {
    func isMet(by alert: SeenAlert) -> Bool {
        alert.name == self.alert && self.labels.allSatisfy { alert.labels[$0.key] == $0.value }
    }

    /// `CircuitBreakerOpen{breaker="product"}`
    var text: String {
        guard !self.labels.isEmpty else { return self.alert }
        let pairs = self.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
        return "\(self.alert){\(pairs.joined(separator: ","))}"
    }
}

// MARK: - Judging

extension AlertExpectations {
    /// Compares with what was seen.
    ///
    /// - Parameter fault: from the begin of the fault to its end.
    public func findings(_ timeline: AlertTimeline, fault: RunRecord.Span) -> [Finding] {
        var findings = self.must.map { self.raised($0, timeline, fault) }
        findings.append(self.noOther(timeline))
        if !self.must.isEmpty { findings.append(self.resolved(timeline, fault)) }
        return findings
    }

    private func raised(_ demand: Demand, _ timeline: AlertTimeline, _ fault: RunRecord.Span) -> Finding {
        let claim = "alert \(demand.text) fires within \(demand.withinSeconds.short) s"
        guard let delay = timeline.delay(of: demand, after: fault.begin) else {
            return Finding(claim: claim, measured: "it never fired", passed: false)
        }
        return Finding(
            claim: claim, measured: "after \(delay.rounded(decimals: 1)) s", passed: delay <= demand.withinSeconds)
    }

    private func noOther(_ timeline: AlertTimeline) -> Finding {
        let others = timeline.episodes.filter { !self.names.contains($0.name) && $0.name != Self.watchdog }
        let texts = others.map { "\($0.text) at \($0.begin.rounded(decimals: 1)) s" }
        return Finding(
            claim: "no other alert fires", measured: texts.isEmpty ? "none" : texts.joined(separator: ", "),
            passed: texts.isEmpty)
    }

    private func resolved(_ timeline: AlertTimeline, _ fault: RunRecord.Span) -> Finding {
        let claim = "they are over within \(self.resolveWithinSeconds.short) s"
        var worst = 0.0
        for demand in self.must {
            guard let delay = timeline.resolution(of: demand, after: fault.end) else {
                return Finding(claim: claim, measured: "\(demand.text) still fires", passed: false)
            }
            worst = max(worst, delay)
        }
        return Finding(
            claim: claim, measured: "after \(worst.rounded(decimals: 1)) s", passed: worst <= self.resolveWithinSeconds)
    }

    /// Whether nothing that must be over fires any more.
    func areOver(_ timeline: AlertTimeline) -> Bool {
        self.must.allSatisfy { demand in
            !timeline.episodes.contains { demand.isMet(by: $0.alert) && !$0.end.isFinite }
        }
    }
}
