public import JSON

/// Plans as experiments write them.
extension LoadPlan {
    private static let names: Set<String> = [
        "rate", "ramp", "stages", "burst", "wave", "arrivals", "journeys", "seed", "customers", "think", "baggage",
        "timeout", "duration", "in_flight", "connections",
    ]

    /// Reads `{"rate": 50, "burst": "5x2s/20s", "journeys": {"browse": 60}, "seed": 7, "duration": "60s"}`.
    ///
    /// The rate is one of `rate`, `ramp` (`"10:200:60s"`, at whose end it stays) and `stages`: objects with `rate`, or `from` and `to`,
    /// and `for`. Everything else is optional: `burst`, `wave`, `arrivals`, `journeys` (an object, or text as on the
    /// command line), `seed`, `customers`, `think`, `baggage`, `timeout`, `duration`, `in_flight`, `connections`.
    /// - Throws: for an unknown name, a wrong type, or a value out of its range.
    public init(reading object: JSONObject) throws(LoadPlanError) {
        for key in object.keys where !Self.names.contains(key) { throw LoadPlanError("load has no field '\(key)'") }
        let reader = PlanReader(object)
        self.init(try reader.profile())
        if let value = object["journeys"] { self.journeys = try PlanReader.journeys(value) }
        if let seed = try reader.integer("seed") {
            guard seed >= 0 else { throw LoadPlanError("seed is not below 0") }
            self.seed = UInt64(seed)
        }
        if let customers = try reader.integer("customers") { self.customers = customers }
        if let scale = try reader.double("think") { self.thinkTime.scale = scale }
        if let value = object["baggage"] { self.baggage = try PlanReader.baggage(value) }
        if let timeout = try reader.duration("timeout") { self.timeout = timeout }
        self.duration = try reader.duration("duration")
        if let bound = try reader.integer("in_flight") { self.inFlightMax = bound }
        if let bound = try reader.integer("connections") { self.connectionsMax = bound }
        try self.validate()
    }
}

private struct PlanReader {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func profile() throws(LoadPlanError) -> LoadProfile {
        let given = ["rate", "ramp", "stages"].filter { self.object[$0] != nil }
        guard given.count == 1 else { throw LoadPlanError("load needs one of rate, ramp and stages") }
        var profile = LoadProfile(stages: try self.stages())
        if let text = try self.string("burst") { profile.burst = try LoadProfile.Burst(text) }
        if let text = try self.string("wave") { profile.wave = try LoadProfile.Wave(text) }
        if let text = try self.string("arrivals") {
            profile.arrivals = try LoadProfile.Arrivals(text)
        }
        return profile
    }

    private func stages() throws(LoadPlanError) -> [LoadProfile.Stage] {
        if let rate = try self.double("rate") {
            return [LoadProfile.Stage(from: rate, to: rate, length: nil)]
        }
        if let text = try self.string("ramp") {
            let ramp = try LoadProfile.Stage(ramp: text)
            return [ramp, LoadProfile.Stage(from: ramp.to, to: ramp.to, length: nil)]
        }
        guard let stages = self.object["stages"]?.array else { throw LoadPlanError("stages must be an array") }
        var read: [LoadProfile.Stage] = []
        for stage in stages { read.append(try Self.stage(stage)) }
        return read
    }

    private static func stage(_ value: JSONValue) throws(LoadPlanError) -> LoadProfile.Stage {
        guard let object = value.object, object.keys.allSatisfy({ ["rate", "from", "to", "for"].contains($0) }) else {
            throw LoadPlanError("a stage has rate, or from and to, and for")
        }
        let reader = PlanReader(object)
        let length = try reader.duration("for")
        if let rate = try reader.double("rate") { return LoadProfile.Stage(from: rate, to: rate, length: length) }
        guard let from = try reader.double("from"), let to = try reader.double("to") else {
            throw LoadPlanError("a stage has rate, or from and to")
        }
        return LoadProfile.Stage(from: from, to: to, length: length)
    }

    static func journeys(_ value: JSONValue) throws(LoadPlanError) -> JourneyWeights {
        if let text = value.string { return try JourneyWeights(text) }
        guard let object = value.object else { throw LoadPlanError("journeys must be an object") }
        var weights: [JourneyKind: Int] = [:]
        for member in object.members {
            guard let weight = member.value.int else {
                throw LoadPlanError("journeys.\(member.key) must be a whole number")
            }
            weights[try JourneyWeights.kind(member.key)] = weight
        }
        return try JourneyWeights(weights)
    }

    static func baggage(_ value: JSONValue) throws(LoadPlanError) -> [String: String] {
        guard let object = value.object else { throw LoadPlanError("baggage must be an object") }
        var entries: [String: String] = [:]
        for member in object.members {
            guard let text = member.value.string else { throw LoadPlanError("baggage.\(member.key) must be text") }
            entries[member.key] = text
        }
        return entries
    }

    func integer(_ key: String) throws(LoadPlanError) -> Int? {
        guard let value = self.object[key] else { return nil }
        guard let number = value.int else { throw LoadPlanError("\(key) must be a whole number") }
        return number
    }

    func double(_ key: String) throws(LoadPlanError) -> Double? {
        guard let value = self.object[key] else { return nil }
        guard let number = value.double else { throw LoadPlanError("\(key) must be a number") }
        return number
    }

    func string(_ key: String) throws(LoadPlanError) -> String? {
        guard let value = self.object[key] else { return nil }
        guard let text = value.string else { throw LoadPlanError("\(key) must be text") }
        return text
    }

    /// Text such as `90s`; a number alone is seconds.
    func duration(_ key: String) throws(LoadPlanError) -> Duration? {
        guard let value = self.object[key] else { return nil }
        if let seconds = value.double, seconds > 0, seconds <= 30 * 86_400 { return .seconds(seconds) }
        guard let text = value.string else { throw LoadPlanError("\(key) must be a duration such as \"90s\"") }
        return try LoadText.duration(text)
    }
}
