/// Everything that decides what a run does.
public struct LoadPlan: Sendable, Hashable {
    /// Who may add stock when a product runs low, so that an endless run does not end in refusals.
    public struct Restocker: Sendable, Hashable {
        public var email: String
        public var password: String

        public init(email: String, password: String) {
            self.email = email
            self.password = password
        }
    }

    public var profile: LoadProfile
    public var journeys: JourneyWeights = .usual
    /// Decides arrivals, journeys, products, pauses.
    public var seed: UInt64 = 1
    /// Accounts that are used, one journey at a time each. 50.
    public var customers = 50
    public var thinkTime = ThinkTime()
    /// Added to each request's baggage, beside what marks it as synthetic.
    public var baggage: [String: String] = [:]
    /// From a step's intended start to the end of its answer. 10 s.
    public var timeout: Duration = .seconds(10)
    /// After which no journey begins; nil: until the profile ends, or for ever.
    public var duration: Duration?
    /// Journeys under way at once; an arrival beyond is dropped, and counted. 2,000.
    public var inFlightMax = 2_000
    /// Connections to the target; a request beyond waits for one, and its latency says so. 128.
    public var connectionsMax = 128
    /// Seconds of which single requests are kept for `LoadRun.window`; 900.
    public var secondsKept = 900
    public var restocker: Restocker?

    public static let customersMax = 10_000
    public static let baggageMax = 16

    public init(_ profile: LoadProfile) { self.profile = profile }

    /// Two requests a second or so in waves, for ever: enough that every dashboard lives.
    public static var gentle: LoadPlan {
        var profile = LoadProfile.steady(0.6)
        profile.wave = LoadProfile.Wave(depth: 0.6, period: .seconds(180))
        var plan = LoadPlan(profile)
        // Not the usual one: whoever starts a run of his own beside it has other customers then, and no cart has two hands in
        // it.
        plan.seed = 0
        plan.customers = 10
        // Short of what the supervisor allows for stopping all, so that a hanging shop does not hold it up.
        plan.timeout = .seconds(3)
        plan.inFlightMax = 50
        plan.connectionsMax = 4
        plan.secondsKept = 60
        return plan
    }

    /// Journeys a second that begin at `seconds` after the first could; 0 once no more do.
    public func rate(at seconds: Double) -> Double {
        if let duration, seconds >= duration.seconds { return 0 }
        return self.profile.rate(at: seconds) ?? 0
    }

    /// - Throws: when a number is out of its range.
    public func validate() throws(LoadPlanError) {
        let stages = self.profile.stages
        guard (1...LoadProfile.stagesMax).contains(stages.count) else {
            throw LoadPlanError("a profile has 1 to \(LoadProfile.stagesMax) stages")
        }
        for stage in stages {
            _ = try LoadText.checkedRate(max(stage.from, stage.to))
            guard min(stage.from, stage.to) >= 0 else { throw LoadPlanError("a rate is not below 0") }
        }
        guard !stages.dropLast().contains(where: { $0.length == nil }) else {
            throw LoadPlanError("only the last stage may go without a length")
        }
        guard (1...Self.customersMax).contains(self.customers) else {
            throw LoadPlanError("customers are 1 to \(Self.customersMax)")
        }
        guard (0...100).contains(self.thinkTime.scale) else { throw LoadPlanError("think is a factor from 0 to 100") }
        guard self.timeout >= .milliseconds(1), self.timeout <= .seconds(60) else {
            throw LoadPlanError("a timeout is 1ms to 60s")
        }
        guard (1...100_000).contains(self.inFlightMax) else { throw LoadPlanError("in-flight is 1 to 100000") }
        guard (1...10_000).contains(self.connectionsMax) else { throw LoadPlanError("connections are 1 to 10000") }
        guard (1...86_400).contains(self.secondsKept) else { throw LoadPlanError("seconds kept are 1 to 86400") }
        guard self.baggage.count <= Self.baggageMax else {
            throw LoadPlanError("baggage has at most \(Self.baggageMax) entries")
        }
    }
}
