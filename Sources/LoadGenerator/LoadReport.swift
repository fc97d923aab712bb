/// What a run has measured, once it is over.
public struct LoadReport: Sendable {
    public struct Step: Sendable {
        public let step: LoadStep
        public let tally: StepTally
        /// From the moment there was a connection to the end of the answer: what a closed loop would have reported.
        public let service: LatencyHistogram
    }

    public let target: String
    public let seed: UInt64
    /// From the start to the end of the last request.
    public let elapsed: Duration
    /// Steps that were taken, in the order of `LoadStep`.
    public let steps: [Step]
    public let journeys: JourneyTally
    /// From a request's intended start to when the generator came to it.
    public let lag: LatencyHistogram
    /// The first failures of the run.
    public let failures: [LoadFailure]
    /// Why the catalogue could not be read beforehand; nil when it could.
    public let preparationFailure: String?

    public var total: StepTally { self.steps.reduce(into: StepTally()) { $0.merge($1.tally) } }
    public var service: LatencyHistogram { self.steps.reduce(into: LatencyHistogram()) { $0.merge($1.service) } }

    /// Whether requests were late by the generator's own fault: by 5 ms or more for one in a hundred.
    public var wasBehindSchedule: Bool { self.lag.percentile(0.99) >= .milliseconds(5) }
}
