/// When a breaker opens, for how long, and what makes it close again.
public struct CircuitBreakerSettings: Sendable, Hashable {
    /// What the shares are counted over.
    public enum Window: Sendable, Hashable {
        /// The last so many calls, from 1 to 10,000.
        case calls(Int)
        /// The calls that ended within this time, counted in `buckets` steps (1 to 60).
        case time(Duration, buckets: Int = 10)
    }

    /// The last 100 calls by default.
    public var window = Window.calls(100)
    /// Calls a window must hold before it is judged; 20 by default, and never more than a window of calls can hold.
    public var callsMin = 20
    /// Share of failures from which on it opens, above 0 up to 1; 0.5 by default.
    public var failureRatioMax = 0.5
    /// From how long on a call is slow; 2 s by default.
    public var slowCall = Duration.seconds(2)
    /// Share of slow calls from which on it opens; 0.8 by default, above 1 for never.
    public var slowRatioMax = 0.8
    /// How long it stays open the first time; 5 s by default.
    public var openBase = Duration.seconds(5)
    /// What each opening without a recovery between multiplies that by, 1 or more; 2 by default.
    public var openGrowth = 2.0
    /// The longest it stays open; 60 s by default.
    public var openMax = Duration.seconds(60)
    /// Share of the open time that chance may take away, from 0 to 1; 0.2 by default. Callers that opened together then
    /// do not probe together.
    public var openJitter = 0.2
    /// Probes in flight at most while half open, from 1 to 64; 2 by default.
    public var probesInFlightMax = 2
    /// Probes that decide, in flight or finished, at most; 5 by default.
    public var probesMax = 5
    /// Probes that must go well to close, up to `probesMax`; 4 by default.
    public var probeSuccessesMin = 4
    /// When a probe that nobody reported gives its place back; 30 s by default, longer than any deadline.
    public var probeLease = Duration.seconds(30)
    /// Calls kept for the flight recorder, from 1 to 1,000; 128 by default.
    public var recordedCallsMax = 128
    /// Transitions the flight recorder keeps, from 1 to 64; 8 by default.
    public var flightsMax = 8

    public init() {}

    /// The settings with each number brought into its range.
    var bounded: CircuitBreakerSettings {
        var settings = self
        if case .calls(let size) = self.window {
            let size = min(max(1, size), 10_000)
            settings.window = .calls(size)
            settings.callsMin = min(self.callsMin, size)
        }
        settings.callsMin = max(1, settings.callsMin)
        settings.failureRatioMax = max(.leastNonzeroMagnitude, self.failureRatioMax)
        settings.slowRatioMax = max(.leastNonzeroMagnitude, self.slowRatioMax)
        settings.openGrowth = max(1, self.openGrowth)
        settings.openJitter = min(max(0, self.openJitter), 1)
        settings.probesInFlightMax = min(max(1, self.probesInFlightMax), 64)
        settings.probesMax = max(1, self.probesMax)
        settings.probeSuccessesMin = min(max(1, self.probeSuccessesMin), settings.probesMax)
        settings.recordedCallsMax = min(max(1, self.recordedCallsMax), 1_000)
        settings.flightsMax = min(max(1, self.flightsMax), 64)
        return settings
    }
}
