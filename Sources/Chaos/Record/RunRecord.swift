/// All that was seen during a run, in seconds since it began. A value, so that what is made of it can be tested.
public struct RunRecord: Sendable {
    /// Begin and end of a phase.
    public struct Span: Sendable, Hashable {
        public var begin: Double
        /// Infinite while it lasts.
        public var end: Double

        public init(begin: Double, end: Double = .infinity) {
            self.begin = begin
            self.end = end
        }
    }

    /// Something that happened, for the timeline.
    public struct Event: Sendable, Hashable {
        public let at: Double
        public let text: String
    }

    /// A breaker was seen in another state than before.
    public struct BreakerChange: Sendable, Hashable {
        public let at: Double
        public let name: BreakerName
        /// The process whose breaker it is.
        public let process: String
        public let from: String?
        public let to: String

        public init(at: Double, name: BreakerName, process: String, from: String?, to: String) {
            self.at = at
            self.name = name
            self.process = process
            self.from = from
            self.to = to
        }
    }

    /// Outcomes that are kept; later ones are counted only.
    public static let outcomesMax = 400_000

    public private(set) var outcomes: [RequestOutcome] = []
    public private(set) var outcomesDropped = 0
    public var phases: [Assertion.Phase: Span] = [:]
    public private(set) var events: [Event] = []
    public private(set) var breakerChanges: [BreakerChange] = []
    public private(set) var tracks: [MetricQuery: MetricTrack] = [:]
    /// Empty where nobody watched.
    public var alerts = AlertTimeline()
    /// Seconds after the end of the fault until the steady state was back; nil when it never was.
    public var recoveredAfter: Double?

    private var breakerStates: [BreakerKey: String] = [:]
    private struct BreakerKey: Hashable, Sendable {
        let name: BreakerName
        let process: String
    }

    public init() {}

    // MARK: Writing

    public mutating func append(_ outcome: RequestOutcome) {
        guard self.outcomes.count < Self.outcomesMax else {
            self.outcomesDropped += 1
            return
        }
        self.outcomes.append(outcome)
    }

    public mutating func note(_ at: Double, _ text: String) { self.events.append(Event(at: at, text: text)) }

    public mutating func sample(_ query: MetricQuery, process: String, at: Double, value: Double) {
        self.tracks[query, default: MetricTrack()].append(process: process, at: at, value: value)
    }

    /// A scrape found a breaker in `state`.
    public mutating func sawBreaker(_ name: BreakerName, process: String, state: String, at: Double) {
        let key = BreakerKey(name: name, process: process)
        let before = self.breakerStates[key]
        guard before != state else { return }
        self.breakerStates[key] = state
        self.breakerChanges.append(
            BreakerChange(at: at, name: name, process: process, from: before, to: state))
    }

    // MARK: Reading

    /// The states of a breaker now, in each process that has one.
    public func states(of name: BreakerName) -> [String] {
        self.breakerStates.filter { $0.key.name == name }.map(\.value)
    }

    /// Every breaker that was seen, with its present states, in order of name.
    public var breakers: [(name: BreakerName, states: [String])] {
        Set(self.breakerStates.keys.map(\.name)).sorted { $0.description < $1.description }
            .map { ($0, self.states(of: $0)) }
    }

    /// The seconds that a window covers; nil when its phase never began.
    public func span(of window: Assertion.Window) -> Span? {
        guard let phase = self.phases[window.phase] else { return nil }
        let end = window.to.map { min(phase.end, phase.begin + $0) } ?? phase.end
        return Span(begin: phase.begin + window.from, end: end)
    }

    public func outcomes(in span: Span, steps: [String]) -> [RequestOutcome] {
        // Nearly in order of time, but not quite: slow answers come late.
        self.outcomes.filter {
            $0.at >= span.begin && $0.at < span.end && (steps.isEmpty || steps.contains($0.step))
        }
    }
}

/// The samples of one metric, by process.
public struct MetricTrack: Sendable, Hashable {
    public struct Sample: Sendable, Hashable {
        public let at: Double
        public let value: Double
    }

    public private(set) var samples: [String: [Sample]] = [:]

    mutating func append(process: String, at: Double, value: Double) {
        self.samples[process, default: []].append(Sample(at: at, value: value))
    }

    /// What the samples of a span come to, summed over the processes; nil without any.
    func reduced(_ reduction: Assertion.Reduction, in span: RunRecord.Span) -> Double? {
        let parts = self.samples.values.compactMap { self.reduced($0, reduction, in: span) }
        return parts.isEmpty ? nil : parts.reduce(0, +)
    }

    private func reduced(
        _ samples: [Sample], _ reduction: Assertion.Reduction, in span: RunRecord.Span
    ) -> Double? {
        let inside = samples.filter { $0.at >= span.begin && $0.at <= span.end }
        guard let first = inside.first, let last = inside.last else { return nil }
        switch reduction {
        case .value: return last.value
        case .max: return inside.map(\.value).max()
        case .min: return inside.map(\.value).min()
        case .delta: return Self.rise(inside)
        case .rate:
            guard last.at > first.at else { return nil }
            return Self.rise(inside) / (last.at - first.at)
        }
    }

    /// By how much a counter rose; one that falls has begun anew in a new process, and what it shows came since.
    private static func rise(_ samples: [Sample]) -> Double {
        zip(samples, samples.dropFirst()).reduce(0) { sum, pair in
            sum + (pair.1.value >= pair.0.value ? pair.1.value - pair.0.value : pair.1.value)
        }
    }
}
