/// Which experiments run, and what became of those before. A value: time is what it is told.
package struct ExperimentBook: Sendable {
    /// Experiments that run at once; one more is refused.
    package static let activeMax = 16
    /// Names that are remembered, each of which is a few series for ever; a new one beyond is refused.
    package static let namesMax = 128
    /// The longest an experiment may be announced for.
    package static let secondsMax = 3_600

    package enum Refusal: Error, Hashable {
        /// As many run, or have run, as may be.
        case full(String)
        case notActive
    }

    package struct Record: Sendable, Hashable {
        /// When it counts as given up; nil while it does not run.
        package fileprivate(set) var until: ContinuousClock.Instant?
        fileprivate var counts: [LabVerdict: Int] = [:]

        package func count(of verdict: LabVerdict) -> Int { self.counts[verdict] ?? 0 }
    }

    private var records: [ExperimentName: Record] = [:]

    package init() {}

    /// Everything known, by name.
    package var all: [(name: ExperimentName, record: Record)] {
        self.records.sorted { $0.key.description < $1.key.description }.map { ($0.key, $0.value) }
    }

    /// What runs, by name.
    package var active: [ExperimentName] { self.all.filter { $0.record.until != nil }.map(\.name) }

    /// An experiment runs, for so long at most. One that runs already gets the new time.
    package mutating func begin(
        _ name: ExperimentName, for duration: Duration, now: ContinuousClock.Instant
    ) throws(Refusal) {
        self.expire(now: now)
        if self.records[name]?.until == nil {
            guard self.active.count < Self.activeMax else {
                throw .full("\(Self.activeMax) experiments run already")
            }
            guard self.records[name] != nil || self.records.count < Self.namesMax else {
                throw .full("\(Self.namesMax) experiments are known already")
            }
        }
        self.records[name, default: Record()].until = now.advanced(by: duration)
    }

    package mutating func end(
        _ name: ExperimentName, _ verdict: LabVerdict, now: ContinuousClock.Instant
    ) throws(Refusal) {
        self.expire(now: now)
        guard self.records[name]?.until != nil else { throw .notActive }
        self.finish(name, verdict)
    }

    /// Gives up those that nobody ended in time: whoever ran them is gone.
    package mutating func expire(now: ContinuousClock.Instant) {
        for (name, record) in self.records {
            if let until = record.until, until <= now { self.finish(name, .aborted) }
        }
    }

    private mutating func finish(_ name: ExperimentName, _ verdict: LabVerdict) {
        self.records[name]?.until = nil
        self.records[name]?.counts[verdict, default: 0] += 1
    }
}
