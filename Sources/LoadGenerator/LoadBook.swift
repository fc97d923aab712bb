/// Everything a run writes down, as a value: the journal of each second, and the sums over all of them.
///
/// Memory is bounded by the seconds kept, the requests listed of each, and the number of steps and outcomes.
struct LoadBook: Sendable {
    /// Requests of one second that are kept one by one; what comes beyond is in the sums alone.
    static let samplesPerSecondMax = 50_000
    /// Failures of one second that are kept with their trace.
    static let failuresPerSecondMax = 8
    /// Failures of the whole run that are kept with their trace: the first ones.
    static let failuresMax = 100

    struct Second: Sendable {
        let number: UInt64
        var samples: [LoadSample] = []
        var failures: [LoadFailure] = []
        var dropped = 0
        var unlisted = 0
    }

    struct Step: Sendable {
        var tally = StepTally()
        /// From the moment there was a connection to the end of the answer.
        var service = LatencyHistogram()
    }

    private let secondsKept: Int
    /// A ring: second n is at n modulo `secondsKept`.
    private var seconds: [Second?]
    private(set) var steps: [LoadStep: Step] = [:]
    private(set) var failures: [LoadFailure] = []
    /// How late requests were: from their intended start to when the generator came to them.
    private(set) var lag = LatencyHistogram()
    private(set) var journeys = JourneyTally()
    private(set) var requestsInFlight = 0

    init(secondsKept: Int) {
        self.secondsKept = secondsKept
        self.seconds = [Second?](repeating: nil, count: secondsKept)
    }

    // MARK: Writing; instants are nanoseconds since the start

    mutating func begin(_ step: LoadStep, lag nanoseconds: UInt64) {
        self.requestsInFlight += 1
        self.lag.record(nanoseconds: nanoseconds)
    }

    mutating func end(_ record: LoadRecord) {
        self.requestsInFlight -= 1
        let latency = record.ended &- record.due
        self.steps[record.step, default: Step()].tally.count(record.outcome)
        self.steps[record.step]?.tally.latency.record(nanoseconds: latency)
        if let sent = record.sent { self.steps[record.step]?.service.record(nanoseconds: record.ended &- sent) }
        let failure = record.outcome.isFailure ? record.failure : nil
        if let failure, self.failures.count < Self.failuresMax { self.failures.append(failure) }
        let bucket = LatencyHistogram.bucket(ofNanoseconds: latency)
        self.withSecond(of: record.ended) { second in
            if let failure, second.failures.count < Self.failuresPerSecondMax { second.failures.append(failure) }
            if second.samples.count < Self.samplesPerSecondMax {
                second.samples.append(LoadSample(record.step, record.outcome, bucket: bucket))
            } else {
                second.unlisted += 1
            }
        }
    }

    /// - Returns: whether there is room for one more journey.
    mutating func admit(at instant: UInt64, inFlightMax: Int) -> Bool {
        guard self.journeys.inFlight < inFlightMax else {
            self.journeys.droppedForRoom += 1
            self.withSecond(of: instant) { $0.dropped += 1 }
            return false
        }
        self.journeys.begun += 1
        self.journeys.inFlight += 1
        return true
    }

    /// A journey that needs a customer found them all busy, before its first step.
    mutating func dropForCustomer(at instant: UInt64) {
        self.journeys.begun -= 1
        self.journeys.inFlight -= 1
        self.journeys.droppedForCustomer += 1
        self.withSecond(of: instant) { $0.dropped += 1 }
    }

    mutating func finish(_ end: JourneyEnd) {
        self.journeys.inFlight -= 1
        switch end {
        case .completed: self.journeys.completed += 1
        case .abandoned: self.journeys.abandoned += 1
        case .cut: self.journeys.cut += 1
        }
    }

    private mutating func withSecond(of instant: UInt64, _ body: (inout Second) -> Void) {
        let number = instant / 1_000_000_000
        let place = Int(number % UInt64(self.secondsKept))
        if self.seconds[place]?.number != number { self.seconds[place] = Second(number: number) }
        // In place, so that the list of samples is not copied.
        body(&self.seconds[place]!)
    }

    // MARK: Reading

    var total: StepTally {
        self.steps.values.reduce(into: StepTally()) { $0.merge($1.tally) }
    }

    /// - Parameter now: the second under way.
    func window(_ range: Range<UInt64>, now: UInt64, failuresMax: Int) -> LoadWindow {
        var window = LoadWindow(seconds: range)
        window.isPartial = now >= UInt64(self.secondsKept) && range.lowerBound <= now - UInt64(self.secondsKept)
        let kept = self.seconds.compactMap { $0 }.filter { range.contains($0.number) }
        for second in kept.sorted(by: { $0.number < $1.number }) {
            for sample in second.samples {
                window.steps[sample.step, default: StepTally()].count(sample.outcome)
                window.steps[sample.step]?.latency.record(bucket: sample.bucket)
            }
            window.failures += second.failures.prefix(failuresMax - window.failures.count)
            window.dropped += second.dropped
            window.unlisted += second.unlisted
        }
        return window
    }
}

/// One request, ended.
struct LoadRecord: Sendable {
    let step: LoadStep
    let outcome: LoadOutcome
    /// When it was to start, when there was a connection for it (nil: never), and when it ended; nanoseconds since the
    /// start of the run.
    let due: UInt64
    let sent: UInt64?
    let ended: UInt64
    let traceID: String

    var failure: LoadFailure {
        LoadFailure(
            step: self.step, outcome: self.outcome, traceID: self.traceID,
            instant: .nanoseconds(Int64(self.ended)), latency: .nanoseconds(Int64(self.ended &- self.due)))
    }
}

enum JourneyEnd: Sendable {
    case completed
    /// A step failed, or was refused what the rest needs.
    case abandoned
    /// The run ended first.
    case cut
}

extension LoadMetrics.JourneyOutcome {
    init(_ end: JourneyEnd) {
        switch end {
        case .completed: self = .completed
        case .abandoned: self = .abandoned
        case .cut: self = .cut
        }
    }
}

/// What became of the journeys.
public struct JourneyTally: Sendable, Hashable {
    public internal(set) var begun = 0
    public internal(set) var completed = 0
    /// Ended early because a step failed.
    public internal(set) var abandoned = 0
    /// Ended early because the run did.
    public internal(set) var cut = 0
    /// Under way now.
    public internal(set) var inFlight = 0
    /// Not begun: as many as may be were under way.
    public internal(set) var droppedForRoom = 0
    /// Not begun: all customers were busy.
    public internal(set) var droppedForCustomer = 0

    public var dropped: Int { self.droppedForRoom + self.droppedForCustomer }
}
