import Testing

@testable import Resilience

/// Random sequences of calls, answers, orders and time, and what must hold whatever they are.
@Suite("Properties of circuit breakers")
struct CircuitBreakerPropertyTests {
    private static func settings(_ random: inout SeededGenerator) -> CircuitBreakerSettings {
        var settings = CircuitBreakerSettings()
        settings.window =
            Bool.random(using: &random)
            ? .calls(Int.random(in: 1...20, using: &random))
            : .time(
                .milliseconds(Int.random(in: 10...2_000, using: &random)),
                buckets: Int.random(in: 1...12, using: &random))
        settings.callsMin = Int.random(in: 1...10, using: &random)
        settings.openBase = .milliseconds(Int.random(in: 1...100, using: &random))
        settings.openMax = .milliseconds(400)
        settings.probesInFlightMax = Int.random(in: 1...4, using: &random)
        settings.probesMax = Int.random(in: 1...6, using: &random)
        settings.probeSuccessesMin = Int.random(in: 1...settings.probesMax, using: &random)
        settings.probeLease = .milliseconds(Int.random(in: 50...500, using: &random))
        settings.slowCall = .milliseconds(20)
        return settings
    }

    @Test("Never more probes than the bounds, only possible transitions, and each state's rules", arguments: 0..<200)
    func keepsItsRules(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let settings = Self.settings(&random)
        var machine = CircuitBreakerMachine(settings, seed: UInt64(seed), now: second)
        var now = second
        var outstanding: [(permit: CircuitPermit, start: UInt64)] = []
        var decided = 0
        var recorded: UInt64 = 0
        for _ in 0..<2_000 {
            now += UInt64.random(in: 0...20, using: &random) * millisecond
            let before = machine.state
            var transition: CircuitBreakerTransition?
            switch Int.random(in: 0..<100, using: &random) {
            case 0: transition = machine.forceOpen(now: now)
            case 1: transition = machine.disable(now: now)
            case 2...4: transition = machine.reset(now: now)
            case 5..<55:
                let admission = machine.admit(now: now)
                transition = admission.transition
                if let permit = admission.permit { outstanding.append((permit, now)) }
                #expect(admission.permit == nil || machine.state != .open && machine.state != .forcedOpen)
                #expect((admission.permit?.isProbe ?? false) == (admission.permit != nil && machine.state == .halfOpen))
            default:
                // One in ten permits is lost for good.
                guard let index = outstanding.indices.randomElement(using: &random) else { continue }
                let (permit, start) = outstanding.remove(at: index)
                guard Int.random(in: 0..<10, using: &random) > 0 else { continue }
                let outcome: CallOutcome = [.success, .success, .failure, .ignored].randomElement(using: &random)!
                let generation = machine.generation
                transition = machine.record(outcome, for: permit, start: start, end: now)
                recorded += 1
                if permit.generation != generation { #expect(transition == nil && machine.generation == generation) }
                if before == .halfOpen, machine.state == .halfOpen { decided = machine.totals(now: now).calls }
            }
            if let transition {
                #expect(CircuitBreakerTransition.Kind.possible.contains(transition.kind))
                #expect(transition.kind.from == before && transition.kind.to == machine.state)
                decided = 0
            } else {
                #expect(before == machine.state)
            }
            #expect(machine.probesInFlight <= settings.probesInFlightMax)
            #expect(machine.state == .halfOpen || machine.probesInFlight == 0)
            if machine.state == .halfOpen { #expect(decided + machine.probesInFlight <= settings.probesMax) }
            #expect(machine.openRemaining(now: now) <= 400 * millisecond)
            #expect(machine.flights.count <= settings.flightsMax)
        }
        let counted = [CircuitCallLabel.success, .failure, .slow, .ignored].reduce(0) { $0 + machine.callCount($1) }
        #expect(counted == recorded)
        let spent = CircuitBreakerState.allCases.reduce(0) { $0 + machine.nanoseconds(in: $1, now: now) }
        #expect(spent == now - second)
    }

    @Test(
        "Half open never wedges: whatever is lost, a probe comes through at the latest after a lease", arguments: 0..<50
    )
    func neverWedges(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let settings = Self.settings(&random)
        var machine = CircuitBreakerMachine(settings, seed: UInt64(seed), now: second)
        machine.trip(at: second)
        var now = second + 1_000 * millisecond
        for _ in 0..<100 {
            while machine.admit(now: now).permit != nil {}
            now += 500 * millisecond
            #expect(machine.admit(now: now).permit != nil)
        }
    }

    @Test("A window of calls counts what a list of the last calls counts", arguments: 0..<50)
    func countsCalls(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let size = Int.random(in: 1...40, using: &random)
        var window = CountWindow(size: size)
        var list: [(Bool, Bool)] = []
        for turn in 0..<500 {
            if turn == 300 {
                window.reset()
                list = []
            }
            let call = (Bool.random(using: &random), Bool.random(using: &random))
            window.add(isFailure: call.0, isSlow: call.1)
            list = (list + [call]).suffix(size)
            #expect(
                window.totals
                    == WindowTotals(
                        calls: list.count, failures: list.count { $0.0 }, slow: list.count { $0.1 }))
        }
    }

    @Test("A window of time counts what a list of the calls of its buckets counts", arguments: 0..<50)
    func countsTime(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let buckets = Int.random(in: 1...12, using: &random)
        let width: UInt64 = 100
        var window = TimeWindow(nanoseconds: width * UInt64(buckets), buckets: buckets)
        var list: [(bucket: UInt64, failed: Bool)] = []
        var now: UInt64 = 5_000
        for _ in 0..<500 {
            now += UInt64.random(in: 0...150, using: &random)
            let failed = Bool.random(using: &random)
            window.add(isFailure: failed, isSlow: false, now: now)
            list.append((now / width, failed))
            list.removeAll { $0.bucket + UInt64(buckets) <= now / width }
            #expect(window.totals == WindowTotals(calls: list.count, failures: list.count { $0.failed }, slow: 0))
        }
    }
}
