/// An alert as Alertmanager shows it.
public struct SeenAlert: Sendable, Hashable {
    public let labels: [String: String]
    /// Silenced, or explained by another alert, so that nobody is told.
    public let isSuppressed: Bool

    public init(labels: [String: String], isSuppressed: Bool = false) {
        self.labels = labels
        self.isSuppressed = isSuppressed
    }

    public var name: String { self.labels["alertname"] ?? "" }
}

/// When which alerts fired during a run. A value: it is told what was seen, and when.
public struct AlertTimeline: Sendable {
    /// From an alert's first sight to its end.
    public struct Episode: Sendable, Hashable {
        public var alert: SeenAlert
        public let begin: Double
        /// When somebody was told; nil while it was suppressed throughout.
        public var activeFrom: Double?
        /// Infinite while it fires.
        public var end: Double = .infinity

        public var name: String { self.alert.name }
        /// Its name, with the labels that say what it is about.
        var text: String {
            let told = ["service", "breaker", "dependency", "sloth_slo"].compactMap { self.alert.labels[$0] }
            return told.isEmpty ? self.name : "\(self.name) (\(told.joined(separator: ", ")))"
        }
    }

    /// Episodes that are kept; what comes after is not looked at.
    public static let episodesMax = 2_000

    public private(set) var episodes: [Episode] = []
    private var open: [[String: String]: Int] = [:]

    public init() {}

    /// All alerts that fire at a moment.
    public mutating func saw(_ alerts: [SeenAlert], at moment: Double) {
        for alert in alerts { self.note(alert, moment) }
        let firing = Set(alerts.map(\.labels))
        for (labels, index) in self.open where !firing.contains(labels) {
            self.episodes[index].end = moment
            self.open[labels] = nil
        }
    }

    /// Drops what is over, and takes what fires for seen at its begin still.
    mutating func forget() {
        let firing = self.firing
        self.episodes = firing
        self.open = Dictionary(uniqueKeysWithValues: firing.enumerated().map { ($1.alert.labels, $0) })
    }

    private mutating func note(_ alert: SeenAlert, _ moment: Double) {
        let index: Int
        if let known = self.open[alert.labels] {
            index = known
        } else {
            guard self.episodes.count < Self.episodesMax else { return }
            index = self.episodes.count
            self.open[alert.labels] = index
            self.episodes.append(Episode(alert: alert, begin: moment))
        }
        if !alert.isSuppressed, self.episodes[index].activeFrom == nil { self.episodes[index].activeFrom = moment }
        self.episodes[index].alert = alert
    }

    /// What fires now.
    public var firing: [Episode] { self.open.values.sorted().map { self.episodes[$0] } }

    /// How long after a moment somebody was told of what is demanded; nil when nobody was.
    ///
    /// What fired already counts from the moment on only if it is seen again: an alert of before proves nothing.
    func delay(of demand: AlertExpectations.Demand, after moment: Double) -> Double? {
        let times = self.episodes.filter { demand.isMet(by: $0.alert) }.compactMap(\.activeFrom)
        return times.filter { $0 >= moment }.min().map { $0 - moment }
    }

    /// How long after a moment the last of them was over; nil while one fires.
    func resolution(of demand: AlertExpectations.Demand, after moment: Double) -> Double? {
        let ends = self.episodes.filter { demand.isMet(by: $0.alert) }.map(\.end)
        guard let last = ends.max(), last.isFinite else { return ends.isEmpty ? 0 : nil }
        return max(0, last - moment)
    }
}
