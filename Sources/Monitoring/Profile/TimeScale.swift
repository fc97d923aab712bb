/// How much faster than in production time passes for rules: windows of objectives, waits of alerts.
///
/// With 60 an hour of the rules is a minute of the clock, so that burning a budget, exhausting it and recovering are
/// seen while somebody watches. Names and labels stay those of production: dashboards read the same.
package struct TimeScale: Sendable, Hashable {
    /// At least 1.
    package let factor: Int
    /// No window gets shorter: a rate needs two scrapes within it.
    package let windowMin: PromDuration

    package init(factor: Int, windowMin: PromDuration) {
        precondition(factor >= 1, "\(factor) would slow time down")
        self.factor = factor
        self.windowMin = windowMin
    }

    package static let production = TimeScale(factor: 1, windowMin: .milliseconds(0))
    /// An hour in a minute, over scrapes every two seconds.
    package static let lab = TimeScale(factor: 60, windowMin: .seconds(10))

    /// A window as the rules write it.
    package func window(_ duration: PromDuration) -> PromDuration {
        guard case .milliseconds(let count) = duration, case .milliseconds(let least) = self.windowMin,
            self.factor > 1
        else { return duration }
        return .milliseconds(Swift.max(count / self.factor, Swift.min(count, least)))
    }

    /// How long an alert waits; may become nothing.
    package func wait(_ duration: PromDuration) -> PromDuration {
        guard case .milliseconds(let count) = duration else { return duration }
        return .milliseconds(count / self.factor)
    }
}
