/// What ended during some whole seconds of a run.
public struct LoadWindow: Sendable {
    /// Seconds since the start: the first, and the one after the last.
    public let seconds: Range<UInt64>
    public internal(set) var steps: [LoadStep: StepTally] = [:]
    /// The first failures in it, `LoadBook.failuresPerSecondMax` of a second at most.
    public internal(set) var failures: [LoadFailure] = []
    /// Journeys that did not begin for want of room.
    public internal(set) var dropped = 0
    /// Requests not looked at one by one, because a second held too many.
    public internal(set) var unlisted = 0
    /// Whether some of the seconds are too old, and forgotten.
    public internal(set) var isPartial = false

    /// All steps together.
    public var total: StepTally {
        self.steps.values.reduce(into: StepTally()) { $0.merge($1) }
    }
}
