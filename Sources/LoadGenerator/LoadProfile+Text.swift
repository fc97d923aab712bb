/// Profiles as text: `20`, `10:200:60s`, `5x2s/20s`, `0.5/120s`.
extension LoadProfile.Stage {
    /// Reads `FROM:TO:LENGTH`, such as `10:200:60s`.
    public init(ramp text: String) throws(LoadPlanError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else {
            throw LoadPlanError("a ramp is FROM:TO:LENGTH, such as 10:200:60s, and not '\(text)'")
        }
        self.init(
            from: try LoadText.rate(parts[0]), to: try LoadText.rate(parts[1]), length: try LoadText.duration(parts[2]))
    }
}

extension LoadProfile.Burst {
    /// Reads `FACTORxLENGTH/PERIOD`: `5x2s/20s` is five times the rate for the last 2 s of every 20.
    public init(_ text: String) throws(LoadPlanError) {
        let refusal = LoadPlanError("a burst is FACTORxLENGTH/PERIOD, such as 5x2s/20s, and not '\(text)'")
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw refusal }
        let left = parts[0].split(separator: "x", omittingEmptySubsequences: false).map(String.init)
        guard left.count == 2, let factor = LoadText.number(left[0]), factor >= 0, factor <= 1_000 else {
            throw refusal
        }
        self.factor = factor
        self.length = try LoadText.duration(left[1])
        self.every = try LoadText.duration(parts[1])
        guard self.length <= self.every else {
            throw LoadPlanError("the burst '\(text)' is longer than its period")
        }
    }
}

extension LoadProfile.Wave {
    /// Reads `DEPTH/PERIOD`: `0.5/120s` swings between half and one and a half times the rate every two minutes.
    public init(_ text: String) throws(LoadPlanError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let depth = LoadText.number(parts[0]), (0...1).contains(depth) else {
            throw LoadPlanError("a wave is DEPTH/PERIOD, such as 0.5/120s with a depth from 0 to 1, and not '\(text)'")
        }
        self.depth = depth
        self.period = try LoadText.duration(parts[1])
    }
}

extension LoadProfile.Arrivals {
    /// Reads `poisson` or `uniform`.
    public init(_ text: String) throws(LoadPlanError) {
        guard let arrivals = Self(rawValue: text) else {
            throw LoadPlanError("arrivals are poisson or uniform, and not '\(text)'")
        }
        self = arrivals
    }
}

/// Numbers and durations as they are written in plans and on the command line.
public enum LoadText {
    private static let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600)]

    /// Reads a positive duration: a number and `ms`, `s`, `m` or `h`. At most 30 days.
    public static func duration(_ text: String) throws(LoadPlanError) -> Duration {
        // A minute's suffix ends no other unit's, but a second's ends a millisecond's: the longer come first.
        for unit in self.units where text.hasSuffix(unit.suffix) {
            guard let number = self.number(String(text.dropLast(unit.suffix.count))) else { break }
            let seconds = number * unit.seconds
            guard seconds >= 0.001, seconds <= 30 * 86_400 else { break }
            return .microseconds(Int64((seconds * 1e6).rounded()))
        }
        throw LoadPlanError("'\(text)' is no duration: write a number and ms, s, m or h, such as 90s")
    }

    /// Reads a rate: journeys a second, more than 0 and at most 100,000.
    public static func rate(_ text: String) throws(LoadPlanError) -> Double {
        guard let rate = self.number(text) else {
            throw LoadPlanError("'\(text)' is no rate: write journeys a second, such as 20 or 0.5")
        }
        return try self.checkedRate(rate)
    }

    /// Reads a factor from 0 to 100.
    public static func factor(_ text: String) throws(LoadPlanError) -> Double {
        guard let factor = self.number(text), factor <= 100 else {
            throw LoadPlanError("'\(text)' is no factor from 0 to 100")
        }
        return factor
    }

    static func checkedRate(_ rate: Double) throws(LoadPlanError) -> Double {
        guard rate > 0, rate <= LoadProfile.rateMax else {
            throw LoadPlanError("a rate is more than 0 and at most 100000 journeys a second, and not \(rate)")
        }
        return rate
    }

    /// Plain decimal digits with an optional fraction: no sign, exponent, `inf` or `nan`.
    static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else { return nil }
        return Double(text)
    }
}
