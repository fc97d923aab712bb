/// What became of the requests of one step.
public struct StepTally: Sendable, Hashable {
    public private(set) var outcomes: [LoadOutcome: Int] = [:]
    /// From the intended start of each request to the end of its answer.
    public internal(set) var latency = LatencyHistogram()

    public init() {}

    mutating func count(_ outcome: LoadOutcome) { self.outcomes[outcome, default: 0] += 1 }

    mutating func merge(_ other: StepTally) {
        self.outcomes.merge(other.outcomes, uniquingKeysWith: +)
        self.latency.merge(other.latency)
    }

    public var requests: Int { self.outcomes.values.reduce(0, +) }

    public func count(of kind: LoadOutcome.Kind) -> Int {
        self.outcomes.reduce(0) { $1.key.kind == kind ? $0 + $1.value : $0 }
    }

    public var failed: Int { self.count(of: .failed) }
    /// Failures by requests; 0 without requests.
    public var errorShare: Double { self.requests == 0 ? 0 : Double(self.failed) / Double(self.requests) }
}
