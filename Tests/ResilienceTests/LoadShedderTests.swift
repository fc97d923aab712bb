import TelemetryTesting
import Testing

@testable import Resilience

@Suite("The adaptive concurrency limit")
struct AdaptiveConcurrencyLimitTests {
    private func limit(_ change: (inout AdaptiveConcurrencyLimit.Settings) -> Void = { _ in })
        -> AdaptiveConcurrencyLimit
    {
        var settings = AdaptiveConcurrencyLimit.Settings()
        settings.initial = 20
        settings.smallest = 4
        settings.largest = 200
        change(&settings)
        return AdaptiveConcurrencyLimit(settings)
    }

    /// Windows of a server with so many workers, always asked as much as the limit allows: latency is a millisecond,
    /// more once requests queue for workers.
    private func run(_ limit: inout AdaptiveConcurrencyLimit, workers: Int, windows: Int, now: inout UInt64) {
        for _ in 0..<windows {
            var begun = 0
            while limit.begin() { begun += 1 }
            let latency = millisecond * UInt64(max(1, (begun + workers - 1) / workers))
            now += 200 * millisecond
            for _ in 0..<begun { limit.end(.completed, latencyNanoseconds: latency, now: now) }
        }
    }

    @Test("It grows while latency stays what it is, up to the largest")
    func grows() {
        var limit = self.limit()
        var now = second
        self.run(&limit, workers: 10_000, windows: 200, now: &now)
        #expect(limit.limit == 200)
    }

    @Test("It shrinks when latency rises above what is usual, down to the smallest")
    func shrinks() {
        var limit = self.limit()
        var now = second
        self.run(&limit, workers: 10_000, windows: 50, now: &now)
        let before = limit.limit
        for step: UInt64 in 1...12 {
            var begun = 0
            while limit.begin() { begun += 1 }
            now += 200 * millisecond
            for _ in 0..<begun { limit.end(.completed, latencyNanoseconds: (20 << step) * millisecond, now: now) }
        }
        #expect(limit.limit < before / 2)
    }

    @Test("What is dropped shrinks it at once")
    func dropsShrink() {
        var limit = self.limit()
        var now = second
        for _ in 0..<100 {
            _ = limit.begin()
            now += 200 * millisecond
            limit.end(.dropped, latencyNanoseconds: 0, now: now)
        }
        #expect(limit.limit == 4)
    }

    @Test("With half of it unused it does not grow")
    func needsUse() {
        var limit = self.limit()
        var now = second
        for _ in 0..<1_000 {
            _ = limit.begin()
            now += 20 * millisecond
            limit.end(.completed, latencyNanoseconds: millisecond, now: now)
        }
        #expect(limit.limit == 20)
    }

    @Test("What says nothing teaches nothing")
    func ignores() {
        var limit = self.limit()
        var now = second
        for _ in 0..<1_000 {
            _ = limit.begin()
            now += 200 * millisecond
            limit.end(.ignored, latencyNanoseconds: 100 * second, now: now)
        }
        #expect(limit.limit == 20)
        #expect(limit.inFlight == 0)
    }

    @Test("It stays within its bounds, and in flight never exceeds it, whatever happens", arguments: 0..<50)
    func keepsItsRules(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var limit = self.limit()
        var now = second
        var inFlight = 0
        for _ in 0..<5_000 {
            now += UInt64.random(in: 0...20, using: &random) * millisecond
            if inFlight == 0 || Int.random(in: 0..<10, using: &random) < 6 {
                let before = limit.limit
                if limit.begin() {
                    inFlight += 1
                    #expect(inFlight <= before)
                } else {
                    #expect(inFlight >= before)
                }
            } else {
                inFlight -= 1
                let outcome: LoadOutcome = [.completed, .completed, .dropped, .ignored].randomElement(using: &random)!
                limit.end(outcome, latencyNanoseconds: UInt64.random(in: 0...second, using: &random), now: now)
            }
            #expect(limit.inFlight == inFlight)
            #expect((4...200).contains(limit.limit))
        }
    }
}

@Suite("Load shedding")
struct LoadShedderTests {
    private func shedder(_ test: TestTelemetry? = nil) -> LoadShedder {
        var settings = AdaptiveConcurrencyLimit.Settings()
        settings.initial = 100
        return LoadShedder("server", settings, telemetry: test?.telemetry)
    }

    @Test("As the limit is approached background goes first, then browsing, then the rest, checkout last")
    func shedsInOrder() {
        let shedder = self.shedder()
        func fill(_ priority: LoadPriority) -> Int {
            while shedder.admit(priority, now: 0) != nil {}
            return shedder.inFlight
        }
        #expect(fill(.background) == 50)
        #expect(fill(.sheddable) == 75)
        #expect(shedder.admit(.background, now: 0) == nil)
        #expect(fill(.normal) == 90)
        #expect(fill(.critical) == 100)
    }

    @Test("What is shed is counted by priority, and what is over makes room")
    func counts() throws {
        let test = TestTelemetry()
        let shedder = self.shedder(test)
        let permits = (0..<100).compactMap { _ in shedder.admit(.critical, now: 0) }
        #expect(shedder.admit(.sheddable, now: 0) == nil)
        #expect(shedder.admit(.critical, now: 0) == nil)
        #expect(try test.value("resilience_load_shed_total", ["priority": "sheddable"]) == 1)
        #expect(try test.value("resilience_load_shed_total", ["priority": "critical"]) == 1)
        #expect(try test.value("resilience_load_shed_total", ["priority": "normal"]) == 0)
        #expect(try test.value("resilience_bulkhead_inflight", ["bulkhead": "server"]) == 100)
        #expect(try test.value("resilience_load_shed_limit", ["bulkhead": "server"]) == 100)
        for permit in permits { shedder.finish(permit, .ignored, now: 0) }
        #expect(shedder.admit(.background, now: 0) != nil)
    }

    @Test("One request is let in however small the share")
    func letsOneIn() {
        var settings = AdaptiveConcurrencyLimit.Settings()
        settings.initial = 1
        settings.smallest = 1
        let shedder = LoadShedder("server", settings)
        #expect(shedder.admit(.background, now: 0) != nil)
        #expect(shedder.admit(.background, now: 0) == nil)
    }

    @Test("Many tasks never exceed the limit, and leave nothing in flight")
    func isSafe() async {
        let shedder = self.shedder()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for turn in 0..<10_000 {
                        guard let permit = shedder.admit(.critical, now: UInt64(turn)) else { continue }
                        #expect(shedder.inFlight <= 1_000)
                        shedder.finish(permit, .completed, now: UInt64(turn) + 10)
                    }
                }
            }
        }
        #expect(shedder.inFlight == 0)
    }
}
