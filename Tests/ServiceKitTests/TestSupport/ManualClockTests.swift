import TelemetryTesting
import Testing

@Suite("A clock that moves when told", .timeLimit(.minutes(1)))
struct ManualClockTests {
    @Test("A sleeper wakes when its deadline comes, not before")
    func wakes() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(9))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        #expect(clock.sleeperCount == 0)
        try await sleeper.value
        #expect(clock.now.sinceStart == .seconds(10))
    }

    @Test("A deadline that has passed is no sleep")
    func past() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: .init(sinceStart: .seconds(5)))
        #expect(clock.sleeperCount == 0)
    }

    @Test("A cancelled sleeper wakes with an error, asleep or not yet")
    func cancels() async {
        let clock = ManualClock()
        let asleep = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.waitForSleepers()
        asleep.cancel()
        await #expect(throws: CancellationError.self) { try await asleep.value }
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(for: .seconds(10))
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(clock.sleeperCount == 0)
    }
}
