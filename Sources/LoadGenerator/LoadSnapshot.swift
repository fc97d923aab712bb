/// How a run stands now.
public struct LoadSnapshot: Sendable {
    /// Since the start.
    public let elapsed: Duration
    public let journeys: JourneyTally
    public let requestsInFlight: Int
    /// All requests that have ended, by outcome.
    public let total: StepTally
    /// The last second that is complete.
    public let lastSecond: StepTally
    /// How late the generator itself was, over the whole run.
    public let lag: LatencyHistogram
}
