/// How much faster than in production time passes for rules: windows of objectives, waits of alerts.
///
/// With 60 an hour of the rules is a minute of the clock, so that burning a budget, exhausting it and recovering are
/// seen while somebody watches. Names and labels stay those of production: dashboards read the same.
package struct TimeScale: Sendable, Hashable {
    /// No window of up to a length becomes longer than another.
    package struct Ceiling: Sendable, Hashable {
        package let upTo: PromDuration
        package let longest: PromDuration

        package init(upTo: PromDuration, longest: PromDuration) {
            self.upTo = upTo
            self.longest = longest
        }
    }

    /// At least 1.
    package let factor: Int
    /// No window gets shorter: a rate needs two scrapes within it.
    package let windowMin: PromDuration
    /// Ascending: a longer window never becomes shorter than a shorter one.
    package let ceilings: [Ceiling]

    package init(factor: Int, windowMin: PromDuration, ceilings: [Ceiling] = []) {
        precondition(factor >= 1, "\(factor) would slow time down")
        self.factor = factor
        self.windowMin = windowMin
        self.ceilings = ceilings
    }

    package static let production = TimeScale(factor: 1, windowMin: .milliseconds(0))
    /// An hour in a minute, over scrapes every two seconds; days shrink more, since twelve hours for a month is longer
    /// than anybody watches.
    package static let lab = TimeScale(
        factor: 60, windowMin: .seconds(10),
        ceilings: [
            Ceiling(upTo: .days(1), longest: .minutes(10)), Ceiling(upTo: .days(3), longest: .minutes(15)),
            Ceiling(upTo: .days(36_500), longest: .minutes(30)),
        ])

    /// A window as the rules write it.
    package func window(_ duration: PromDuration) -> PromDuration {
        guard case .milliseconds(let count) = duration, case .milliseconds(let least) = self.windowMin,
            self.factor > 1
        else { return duration }
        let scaled = Swift.max(count / self.factor, Swift.min(count, least))
        return .milliseconds(Swift.min(scaled, self.longest(for: count)))
    }

    private func longest(for count: Int) -> Int {
        for ceiling in self.ceilings {
            guard case .milliseconds(let upTo) = ceiling.upTo, case .milliseconds(let longest) = ceiling.longest,
                count <= upTo
            else { continue }
            return longest
        }
        return .max
    }

    /// How long an alert waits; may become nothing.
    package func wait(_ duration: PromDuration) -> PromDuration {
        guard case .milliseconds(let count) = duration else { return duration }
        return .milliseconds(count / self.factor)
    }

    /// How often a group is evaluated that has an interval of its own: never more often than all others.
    package func interval(_ duration: PromDuration, least: PromDuration) -> PromDuration {
        guard case .milliseconds(let count) = duration, case .milliseconds(let least) = least else { return duration }
        return .milliseconds(Swift.max(count / self.factor, least))
    }

    /// How many of something can be asked for in a window: windows that shrink see less, though never so little that
    /// one hiccup is enough.
    package func count(_ count: Double) -> Double {
        self.factor == 1 ? count : Swift.max(3, (count / 3).rounded())
    }
}
