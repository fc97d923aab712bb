import Testing

@testable import Resilience

@Suite("The rules of a circuit breaker")
struct CircuitBreakerMachineTests {
    private static let start = 100 * second

    private func machine(
        seed: UInt64 = 1, _ change: (inout CircuitBreakerSettings) -> Void = { _ in }
    ) -> CircuitBreakerMachine {
        var settings = CircuitBreakerSettings.small
        change(&settings)
        return CircuitBreakerMachine(settings, seed: seed, now: Self.start)
    }

    @Test("It stays closed while calls go well")
    func staysClosed() {
        var machine = self.machine()
        for number in 0..<1_000 { #expect(machine.call(.success, at: Self.start + UInt64(number)) == nil) }
        #expect(machine.state == .closed)
        #expect(machine.callCount(.success) == 1_000)
    }

    @Test("It is not judged before it holds the least number of calls")
    func waitsForCalls() {
        var machine = self.machine()
        for _ in 0..<3 { #expect(machine.call(.failure, at: Self.start) == nil) }
        #expect(machine.state == .closed)
        #expect(machine.call(.failure, at: Self.start)?.kind.reason == .failureRate)
        #expect(machine.state == .open)
    }

    @Test("It opens when exactly the share of the last calls has failed, and not one call before")
    func opensAtTheShare() {
        var machine = self.machine()
        for _ in 0..<6 { machine.call(.success, at: Self.start) }
        for _ in 0..<4 { #expect(machine.call(.failure, at: Self.start) == nil) }
        // Ten calls, four failures. The next failure pushes out a success: five of ten.
        #expect(machine.call(.failure, at: Self.start)?.totals == WindowTotals(calls: 10, failures: 5, slow: 0))
        #expect(machine.state == .open)
    }

    @Test("Failures that have left a window of calls count no more")
    func forgetsByCalls() {
        var machine = self.machine { $0.callsMin = 10 }
        for _ in 0..<4 { machine.call(.failure, at: Self.start) }
        for _ in 0..<10 { machine.call(.success, at: Self.start) }
        for _ in 0..<4 { #expect(machine.call(.failure, at: Self.start) == nil) }
        #expect(machine.totals(now: Self.start) == WindowTotals(calls: 10, failures: 4, slow: 0))
    }

    @Test("Failures older than a window of time count no more")
    func forgetsByTime() {
        var machine = self.machine { $0.window = .time(.seconds(10), buckets: 10) }
        for _ in 0..<3 { machine.call(.failure, at: Self.start, taking: 0) }
        #expect(machine.totals(now: Self.start + 9 * second).failures == 3)
        #expect(machine.totals(now: Self.start + 10 * second).failures == 0)
        #expect(machine.call(.failure, at: Self.start + 10 * second) == nil)
        #expect(machine.state == .closed)
    }

    @Test("A window of time opens it as one of calls does")
    func opensByTime() {
        var machine = self.machine { $0.window = .time(.seconds(10)) }
        for number in 0..<3 { machine.call(.failure, at: Self.start + UInt64(number) * second) }
        #expect(machine.call(.failure, at: Self.start + 4 * second)?.kind.to == .open)
    }

    @Test("A call reported late, from before the newest bucket, is counted as of now")
    func takesLateReports() {
        var machine = self.machine { $0.window = .time(.seconds(10)) }
        machine.call(.success, at: Self.start + 5 * second)
        machine.call(.success, at: Self.start)
        #expect(machine.totals(now: Self.start + 14 * second).calls == 2)
    }

    @Test("Slow calls open it, though all go well")
    func opensWhenSlow() {
        var machine = self.machine { $0.slowRatioMax = 0.5 }
        for _ in 0..<3 { #expect(machine.call(.success, at: Self.start, taking: 2 * second) == nil) }
        let transition = machine.call(.success, at: Self.start, taking: 2 * second)
        #expect(transition?.kind.reason == .slowCallRate)
        #expect(machine.callCount(.slow) == 4)
    }

    @Test("One nanosecond less than slow is not slow, and a ratio above one watches no slowness")
    func knowsSlowFromFast() {
        var machine = self.machine { $0.slowRatioMax = 0.01 }
        for _ in 0..<10 { machine.call(.success, at: Self.start, taking: 2 * second - 1) }
        #expect(machine.state == .closed)
        var blind = self.machine { $0.slowRatioMax = 2 }
        for _ in 0..<10 { blind.call(.success, at: Self.start, taking: 10 * second) }
        #expect(blind.state == .closed)
    }

    @Test("A slow failure counts in both shares, and once among the calls")
    func countsSlowFailures() {
        var machine = self.machine()
        machine.call(.failure, at: Self.start, taking: 3 * second)
        #expect(machine.totals(now: Self.start) == WindowTotals(calls: 1, failures: 1, slow: 1))
        #expect(machine.callCount(.failure) == 1)
        #expect(machine.callCount(.slow) == 0)
    }

    @Test("A cancelled call counts as neither success nor failure")
    func ignoresCancelled() {
        var machine = self.machine()
        for _ in 0..<100 { #expect(machine.call(.ignored, at: Self.start) == nil) }
        #expect(machine.totals(now: Self.start).calls == 0)
        #expect(machine.callCount(.ignored) == 100)
    }

    @Test("While open it refuses and says how long")
    func refusesWhileOpen() {
        var machine = self.machine()
        machine.trip(at: Self.start)
        let admission = machine.admit(now: Self.start + 2 * second)
        #expect(admission.permit == nil)
        #expect(admission.retryAfter == 3 * second)
        #expect(machine.admit(now: Self.start + 5 * second - 1).retryAfter == 1)
        #expect(machine.callCount(.rejected) == 2)
    }

    @Test("After its time the next call is a probe, and the state half open")
    func probes() throws {
        var machine = self.machine()
        machine.trip(at: Self.start)
        let admission = machine.admit(now: Self.start + 5 * second)
        #expect(try #require(admission.permit).isProbe)
        #expect(admission.transition?.kind == .init(from: .open, to: .halfOpen, reason: .openElapsed))
        #expect(machine.state == .halfOpen)
    }

    @Test("No more probes are in flight than may be")
    func boundsProbesInFlight() {
        var machine = self.machine {
            $0.probesInFlightMax = 3
            $0.probesMax = 10
        }
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        let permits = (0..<10).map { _ in machine.admit(now: now).permit }
        #expect(permits.count { $0 != nil } == 3)
        #expect(machine.probesInFlight == 3)
        #expect(machine.admit(now: now).retryAfter == second)
    }

    @Test("No more probes decide than may be, though each finishes before the next")
    func boundsProbes() {
        var machine = self.machine {
            $0.probesMax = 3
            $0.probeSuccessesMin = 3
            $0.probesInFlightMax = 64
        }
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        machine.call(.success, at: now)
        machine.call(.success, at: now)
        #expect(machine.admit(now: now).permit != nil)
        #expect(machine.admit(now: now).permit == nil)
    }

    @Test("Enough probes that go well close it")
    func closes() {
        var machine = self.machine()
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        #expect(machine.call(.success, at: now) == nil)
        #expect(machine.call(.success, at: now)?.kind == .init(from: .halfOpen, to: .closed, reason: .probesSucceeded))
        #expect(machine.totals(now: now).calls == 0)
    }

    @Test("A failed probe opens it again once too few can still go well")
    func reopens() {
        var machine = self.machine {
            $0.probesMax = 3
            $0.probeSuccessesMin = 2
        }
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        #expect(machine.call(.failure, at: now) == nil)
        #expect(machine.call(.failure, at: now)?.kind == .init(from: .halfOpen, to: .open, reason: .probesFailed))
    }

    @Test("A slow probe does not do well")
    func slowProbes() {
        var machine = self.machine()
        machine.trip(at: Self.start)
        let transition = machine.call(.success, at: Self.start + 5 * second, taking: 2 * second)
        #expect(transition?.kind.reason == .probesFailed)
    }

    @Test("A cancelled probe gives its place back")
    func givesProbesBack() {
        var machine = self.machine()
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        for _ in 0..<100 { machine.call(.ignored, at: now) }
        #expect(machine.state == .halfOpen)
        #expect(machine.probesInFlight == 0)
        #expect(machine.admit(now: now).permit != nil)
    }

    @Test("Probes that are never recorded give their places back when their lease is over")
    func expiresProbes() throws {
        var machine = self.machine { $0.probeLease = .seconds(30) }
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        let lost = try #require(machine.admit(now: now).permit)
        #expect(machine.admit(now: now).permit != nil)
        #expect(machine.admit(now: now + 30 * second - 1).permit == nil)
        #expect(machine.admit(now: now + 30 * second).permit != nil)
        #expect(machine.expiredProbes == 2)
        // Whoever comes after all changes nothing.
        #expect(machine.record(.failure, for: lost, start: now, end: now + 31 * second) == nil)
        #expect(machine.state == .halfOpen)
        #expect(machine.callCount(.ignored) == 1)
    }

    @Test("An answer from before the trip changes nothing")
    func ignoresLateAnswers() throws {
        var machine = self.machine()
        let early = try #require(machine.admit(now: Self.start).permit)
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        _ = machine.admit(now: now)
        let before = machine.totals(now: now)
        for _ in 0..<10 { #expect(machine.record(.success, for: early, start: Self.start, end: now) == nil) }
        #expect(machine.state == .halfOpen)
        #expect(machine.totals(now: now) == before)
        #expect(machine.callCount(.ignored) == 10)
    }

    @Test("A probe of an earlier half-open phase changes nothing in the next")
    func ignoresLateProbes() throws {
        var machine = self.machine { $0.probesInFlightMax = 2 }
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        let early = try #require(machine.admit(now: now).permit)
        machine.call(.failure, at: now)
        #expect(machine.state == .open)
        _ = machine.admit(now: now + 100 * second)
        #expect(machine.record(.failure, for: early, start: now, end: now) == nil)
        #expect(machine.state == .halfOpen)
        #expect(machine.probesInFlight == 1)
    }

    @Test("A permit that is recorded twice counts once as a probe")
    func countsProbesOnce() throws {
        var machine = self.machine()
        machine.trip(at: Self.start)
        let now = Self.start + 5 * second
        let permit = try #require(machine.admit(now: now).permit)
        #expect(machine.record(.success, for: permit, start: now, end: now) == nil)
        #expect(machine.record(.success, for: permit, start: now, end: now) == nil)
        #expect(machine.state == .halfOpen)
    }

    @Test("Each opening without a recovery between lasts longer, up to the longest")
    func grows() {
        var machine = self.machine()
        machine.trip(at: Self.start)
        var now = Self.start
        for expected: UInt64 in [5, 10, 20, 40, 40, 40] {
            #expect(machine.openRemaining(now: now) == expected * second)
            now += expected * second
            machine.call(.failure, at: now, taking: 0)
        }
    }

    @Test("A recovery makes the next opening as short as the first")
    func forgetsGrowth() {
        var machine = self.machine()
        machine.trip(at: Self.start)
        machine.call(.failure, at: Self.start + 5 * second, taking: 0)
        #expect(machine.openRemaining(now: Self.start + 5 * second) == 10 * second)
        for _ in 0..<2 { machine.call(.success, at: Self.start + 15 * second, taking: 0) }
        #expect(machine.state == .closed)
        machine.trip(at: Self.start + 20 * second)
        #expect(machine.openRemaining(now: Self.start + 20 * second) == 5 * second)
    }

    @Test("Jitter takes away at most its share, differs by seed, and is the same for the same seed")
    func jitters() {
        func opened(_ seed: UInt64) -> UInt64 {
            var machine = self.machine(seed: seed) { $0.openJitter = 0.2 }
            machine.trip(at: Self.start)
            return machine.openRemaining(now: Self.start)
        }
        let times = (0..<100).map { opened(UInt64($0)) }
        #expect(times.allSatisfy { (4 * second...5 * second).contains($0) })
        #expect(Set(times).count > 90)
        #expect(times == (0..<100).map { opened(UInt64($0)) })
    }

    @Test("Forced open refuses all, whatever the time, until it is reset")
    func forcesOpen() {
        var machine = self.machine()
        #expect(machine.forceOpen(now: Self.start)?.kind == .init(from: .closed, to: .forcedOpen, reason: .operator))
        #expect(machine.forceOpen(now: Self.start) == nil)
        #expect(machine.admit(now: Self.start + 1_000_000 * second).permit == nil)
        #expect(machine.reset(now: Self.start)?.kind == .init(from: .forcedOpen, to: .closed, reason: .operator))
        #expect(machine.admit(now: Self.start).permit != nil)
    }

    @Test("Disabled lets all through and judges none, but counts them")
    func disables() {
        var machine = self.machine()
        #expect(machine.disable(now: Self.start)?.kind.to == .disabled)
        for _ in 0..<100 { #expect(machine.call(.failure, at: Self.start) == nil) }
        #expect(machine.state == .disabled)
        #expect(machine.callCount(.failure) == 100)
        #expect(machine.totals(now: Self.start).calls == 0)
    }

    @Test("A reset of a closed breaker empties its window, and answers to earlier permits do not fill it again")
    func resets() throws {
        var machine = self.machine()
        let early = try #require(machine.admit(now: Self.start).permit)
        for _ in 0..<3 { machine.call(.failure, at: Self.start) }
        #expect(machine.reset(now: Self.start) == nil)
        #expect(machine.record(.failure, for: early, start: Self.start, end: Self.start) == nil)
        #expect(machine.state == .closed)
        #expect(machine.totals(now: Self.start).calls == 0)
    }

    @Test("A reset while open forgets how often it had opened")
    func resetForgetsGrowth() {
        var machine = self.machine()
        machine.trip(at: Self.start)
        machine.call(.failure, at: Self.start + 5 * second, taking: 0)
        _ = machine.reset(now: Self.start + 6 * second)
        machine.trip(at: Self.start + 7 * second)
        #expect(machine.openRemaining(now: Self.start + 7 * second) == 5 * second)
    }

    @Test("It remembers the call that tripped it until it closes")
    func remembersTheCulprit() {
        var machine = self.machine()
        for number: UInt64 in 1...4 { machine.call(.failure, at: Self.start, number) }
        #expect(machine.tripped == trace(4))
        _ = machine.admit(now: Self.start + 6 * second)
        #expect(machine.tripped == trace(4))
        _ = machine.reset(now: Self.start + 6 * second)
        #expect(machine.tripped == .none)
    }

    @Test("Time is counted in the state it was spent in")
    func countsTime() {
        var machine = self.machine()
        machine.trip(at: Self.start + 3 * second)
        _ = machine.admit(now: Self.start + 8 * second)
        let now = Self.start + 9 * second
        #expect(machine.nanoseconds(in: .closed, now: now) == 3 * second)
        #expect(machine.nanoseconds(in: .open, now: now) == 5 * second)
        #expect(machine.nanoseconds(in: .halfOpen, now: now) == second)
        #expect(machine.nanoseconds(in: .disabled, now: now) == 0)
    }

    @Test("Settings out of their ranges are brought into them, so that it can open and close at all")
    func boundsSettings() {
        var machine = self.machine {
            $0.window = .calls(0)
            $0.callsMin = 1_000
            $0.probesMax = 0
            $0.probesInFlightMax = 0
            $0.probeSuccessesMin = 9
            $0.failureRatioMax = 0
        }
        #expect(machine.call(.success, at: Self.start) == nil)
        #expect(machine.call(.failure, at: Self.start)?.kind.to == .open)
        #expect(machine.call(.success, at: Self.start + 6 * second)?.kind.to == .closed)
    }
}
