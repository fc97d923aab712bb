import Resilience
import Synchronization
import Telemetry
import TelemetryTesting

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000

/// Something that failed.
struct Broken: Error, Hashable {
    var code = 0
}

/// Time that a test sets.
final class TestTime: Sendable {
    private let nanoseconds = Atomic<UInt64>(1_000 * second)

    var now: UInt64 { self.nanoseconds.load(ordering: .relaxed) }
    var clock: MonotonicClock { MonotonicClock(now: { self.now }, unix: { self.now }) }
    func advance(_ by: UInt64) { self.nanoseconds.wrappingAdd(by, ordering: .relaxed) }
}

/// A call's trace that is told from others by a number.
func trace(_ number: UInt64) -> TraceReference {
    TraceReference(
        SpanContext(
            traceID: TraceID(high: 1, low: number), spanID: SpanID(rawValue: number), flags: [.sampled]))
}

extension CircuitBreakerSettings {
    /// Small numbers that a test can count: ten calls, judged from four on, no jitter, two probes of which both must do
    /// well.
    static var small: CircuitBreakerSettings {
        var settings = CircuitBreakerSettings()
        settings.window = .calls(10)
        settings.callsMin = 4
        settings.openJitter = 0
        settings.openBase = .seconds(5)
        settings.openMax = .seconds(40)
        settings.probesInFlightMax = 2
        settings.probesMax = 2
        settings.probeSuccessesMin = 2
        return settings
    }
}

extension CircuitBreakerMachine {
    /// Admits a call and records it at once.
    @discardableResult
    mutating func call(
        _ outcome: CallOutcome, at now: UInt64, taking latency: UInt64 = millisecond, _ number: UInt64 = 1
    )
        -> CircuitBreakerTransition?
    {
        guard let permit = self.admit(now: now).permit else { return nil }
        return self.record(outcome, for: permit, start: now, end: now + latency, trace: trace(number))
    }

    /// Fails until it opens.
    mutating func trip(at now: UInt64) {
        for _ in 0..<1_000 where self.state == .closed { self.call(.failure, at: now, taking: 0) }
    }
}
