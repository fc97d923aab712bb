/// What rules are written for: whose time they keep, where their links lead, how often they are evaluated.
package struct RuleProfile: Sendable, Hashable {
    package let scale: TimeScale
    package let links: MonitoringLinks
    /// Between two evaluations, and no shorter than between two scrapes: what Prometheus' configuration says.
    package let interval: PromDuration

    package init(scale: TimeScale, links: MonitoringLinks = MonitoringLinks(), interval: PromDuration) {
        self.scale = scale
        self.links = links
        self.interval = interval
    }

    /// Every 15 s, in the time of the clock.
    package static let production = RuleProfile(scale: .production, interval: .seconds(15))
    /// Every 2 s, in compressed time.
    package static let lab = RuleProfile(scale: .lab, interval: .seconds(2))
}
