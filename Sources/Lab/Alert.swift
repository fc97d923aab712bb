/// An alert as Alertmanager tells it: data from a stranger, bounded when it is read.
package struct Alert: Sendable, Hashable {
    /// What Alertmanager calls this set of labels.
    package let fingerprint: String
    package let labels: [String: String]
    package let annotations: [String: String]
    /// As it came, in RFC 3339; empty where nothing was said.
    package let startsAt: String

    package var name: String { self.labels["alertname"] ?? "" }
    package var severity: String { self.labels["severity"] ?? "" }
    package var summary: String { self.annotations["summary"] ?? "" }

    /// The alert that always fires, so that its absence shows that alerting is broken.
    package static let watchdog = "Watchdog"
    package var isWatchdog: Bool { self.name == Self.watchdog }
}
