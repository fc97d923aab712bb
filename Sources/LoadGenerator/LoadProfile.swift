import Glibc

/// How many journeys begin in a second, as a function of the time since the start.
public struct LoadProfile: Sendable, Hashable {
    /// A stretch over which the rate goes in a straight line from one value to another.
    public struct Stage: Sendable, Hashable {
        /// Journeys a second at its beginning and at its end.
        public let from: Double
        public let to: Double
        /// Nil in the last stage alone: it has no end.
        public let length: Duration?

        public init(from: Double, to: Double, length: Duration?) {
            self.from = from
            self.to = to
            self.length = length
        }
    }

    /// For `length` out of every `every` the rate is `factor` times what it would be; the first burst ends with the
    /// first period, so that there is a calm to compare it with.
    public struct Burst: Sendable, Hashable {
        public let factor: Double
        public let length: Duration
        public let every: Duration
    }

    /// The rate swings by `depth` of itself around its value, once in `period`.
    public struct Wave: Sendable, Hashable {
        public let depth: Double
        public let period: Duration
    }

    /// How arrivals are spread over time.
    public enum Arrivals: String, Sendable, Hashable, CaseIterable {
        /// Independent of one another, as those of customers are.
        case poisson
        /// At even distances.
        case uniform
    }

    public var stages: [Stage]
    public var burst: Burst?
    public var wave: Wave?
    public var arrivals: Arrivals

    /// Stages beyond this are refused.
    public static let stagesMax = 100
    /// Journeys a second beyond this are refused.
    public static let rateMax = 100_000.0

    public init(stages: [Stage], burst: Burst? = nil, wave: Wave? = nil, arrivals: Arrivals = .poisson) {
        self.stages = stages
        self.burst = burst
        self.wave = wave
        self.arrivals = arrivals
    }

    /// The same rate for ever.
    public static func steady(_ rate: Double, arrivals: Arrivals = .poisson) -> LoadProfile {
        LoadProfile(stages: [Stage(from: rate, to: rate, length: nil)], arrivals: arrivals)
    }

    /// When the last stage ends; nil when it does not.
    public var length: Duration? {
        var sum = Duration.zero
        for stage in self.stages {
            guard let length = stage.length else { return nil }
            sum += length
        }
        return sum
    }

    /// Journeys a second at `seconds` after the start; nil once the last stage has ended.
    public func rate(at seconds: Double) -> Double? {
        guard var rate = self.stageRate(at: seconds) else { return nil }
        if let wave { rate *= 1 + wave.depth * sin(2 * .pi * seconds / wave.period.seconds) }
        if let burst {
            let phase = seconds.truncatingRemainder(dividingBy: burst.every.seconds)
            if phase >= burst.every.seconds - burst.length.seconds { rate *= burst.factor }
        }
        return rate
    }

    private func stageRate(at seconds: Double) -> Double? {
        var rest = seconds
        for stage in self.stages {
            guard let length = stage.length?.seconds else { return stage.from }
            if rest < length { return stage.from + (stage.to - stage.from) * rest / length }
            rest -= length
        }
        return nil
    }
}

extension Duration {
    /// The whole of it as a number, for arithmetic and for people.
    var seconds: Double { self / .seconds(1) }
}
