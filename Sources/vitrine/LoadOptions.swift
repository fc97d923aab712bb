import HTTPEngine
import LoadGenerator

/// What the command line of `vitrine load` asks for.
struct LoadOptions {
    let plan: LoadPlan
    let target: HTTPEndpoint
    let isGentle: Bool
    let isQuiet: Bool
    /// Where the report goes as JSON; `-` is standard output.
    let jsonPath: String?
    /// The share of requests that may fail, from 0 to 1; nil: any share below all.
    let failAbove: Double?
    /// Where `/metrics` and `/health` are served while the run lasts; nil: nowhere.
    let metricsPort: Int?
    /// The numeric address of that port.
    let metricsHost: String

    private static let values: Set<String> = [
        "url", "rate", "ramp", "burst", "wave", "arrivals", "duration", "seed", "customers", "journeys", "think",
        "timeout", "in-flight", "connections", "baggage", "restock", "json", "fail-above", "metrics-host",
        "metrics-port",
    ]

    /// - Throws: `UsageError` for what is not understood.
    init(_ arguments: [String]) throws {
        let options = try Options(arguments, values: Self.values, flags: ["quiet", "gentle"])
        try options.requireOperands(atMost: 0)
        let url = options.string("url", default: "http://127.0.0.1:8000")
        guard let target = HTTPEndpoint(url: url), target.scheme == .http else {
            throw UsageError("--url must be http://host:port, and not '\(url)'")
        }
        self.target = target
        self.isGentle = options.has("gentle")
        self.isQuiet = options.has("quiet")
        self.jsonPath = options.value("json")
        self.failAbove = try options.value("fail-above").map(Self.share)
        self.metricsHost = options.string("metrics-host", default: "127.0.0.1")
        self.metricsPort =
            options.value("metrics-port") == nil
            ? nil : try options.integer("metrics-port", default: 0, in: 1...65_535)
        do throws(LoadPlanError) {
            self.plan = try Self.plan(options)
        } catch {
            throw UsageError(error.description)
        }
    }

    private static func plan(_ options: Options) throws(LoadPlanError) -> LoadPlan {
        var plan = options.has("gentle") ? LoadPlan.gentle : LoadPlan(.steady(20))
        if !options.has("gentle") { plan.duration = .seconds(60) }
        try Self.readProfile(options, &plan.profile)
        if let text = options.value("duration") {
            plan.duration = try text == "forever" ? nil : LoadText.duration(text)
        }
        if let text = options.value("seed") { plan.seed = UInt64(try Self.whole("seed", text)) }
        if let text = options.value("customers") { plan.customers = try Self.whole("customers", text) }
        if let text = options.value("journeys") { plan.journeys = try JourneyWeights(text) }
        if let text = options.value("think") { plan.thinkTime.scale = try LoadText.factor(text) }
        if let text = options.value("timeout") { plan.timeout = try LoadText.duration(text) }
        if let text = options.value("in-flight") { plan.inFlightMax = try Self.whole("in-flight", text) }
        if let text = options.value("connections") { plan.connectionsMax = try Self.whole("connections", text) }
        if let text = options.value("baggage") { plan.baggage = try Self.baggage(text) }
        if let text = options.value("restock") { plan.restocker = try Self.restocker(text) }
        try plan.validate()
        return plan
    }

    private static func readProfile(_ options: Options, _ profile: inout LoadProfile) throws(LoadPlanError) {
        if let text = options.value("rate") {
            guard options.value("ramp") == nil else { throw LoadPlanError("give --rate or --ramp, not both") }
            let rate = try LoadText.rate(text)
            profile.stages = [LoadProfile.Stage(from: rate, to: rate, length: nil)]
        }
        if let text = options.value("ramp") {
            let ramp = try LoadProfile.Stage(ramp: text)
            profile.stages = [ramp, LoadProfile.Stage(from: ramp.to, to: ramp.to, length: nil)]
        }
        if let text = options.value("burst") { profile.burst = try LoadProfile.Burst(text) }
        if let text = options.value("wave") { profile.wave = try LoadProfile.Wave(text) }
        if let text = options.value("arrivals") { profile.arrivals = try LoadProfile.Arrivals(text) }
    }

    private static func whole(_ name: String, _ text: String) throws(LoadPlanError) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw LoadPlanError("--\(name) must be a whole number, and not '\(text)'")
        }
        return number
    }

    private static func baggage(_ text: String) throws(LoadPlanError) -> [String: String] {
        var entries: [String: String] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw LoadPlanError("--baggage is key=value,…, and not '\(text)'") }
            entries[pair[0]] = pair[1]
        }
        return entries
    }

    private static func restocker(_ text: String) throws(LoadPlanError) -> LoadPlan.Restocker {
        let pair = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard pair.count == 2 else { throw LoadPlanError("--restock is the admin's email:password") }
        return LoadPlan.Restocker(email: pair[0], password: pair[1])
    }

    private static func share(_ text: String) throws -> Double {
        let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
        guard let percent = Double(digits), (0...100).contains(percent) else {
            throw UsageError("--fail-above must be a percentage from 0 to 100, and not '\(text)'")
        }
        return percent / 100
    }
}
