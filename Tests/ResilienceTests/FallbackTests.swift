import Telemetry
import TelemetryTesting
import Testing

@testable import Resilience

@Suite("Fallbacks")
struct FallbackTests {
    @Test("The last good answer is given with its age, and both are counted")
    func gives() throws {
        let test = TestTelemetry()
        let fallback = Fallback<String, Int>("products", telemetry: test.telemetry)
        #expect(fallback.take("a", now: second) == nil)
        fallback.store(1, for: "a", bytes: 10, now: second)
        fallback.store(2, for: "a", bytes: 10, now: 2 * second)
        let stale = fallback.take("a", now: 5 * second + second / 2)
        #expect(stale == StaleValue(value: 2, age: .milliseconds(3_500)))
        #expect(stale?.ageSeconds == 3)
        #expect(stale?.attribute == .staleSeconds(3.5))
        #expect(stale?.warning == #"110 - "Response is Stale""#)
        for (outcome, count) in [("stale", 1.0), ("missing", 1), ("expired", 0)] {
            #expect(
                try test.value("resilience_fallback_total", ["fallback": "products", "outcome": outcome]) == count)
        }
    }

    @Test("An answer that is too old is not given, and makes room")
    func expires() throws {
        let test = TestTelemetry()
        let fallback = Fallback<String, Int>("f", FallbackSettings(ageMax: .seconds(10)), telemetry: test.telemetry)
        fallback.store(1, for: "a", bytes: 10, now: second)
        #expect(fallback.take("a", now: 11 * second) != nil)
        #expect(fallback.take("a", now: 11 * second + 1) == nil)
        #expect(fallback.count == 0 && fallback.bytes == 0)
        #expect(try test.value("resilience_fallback_total", ["fallback": "f", "outcome": "expired"]) == 1)
    }

    @Test("Beyond the bound of entries the oldest goes; one that is stored again is young")
    func boundsEntries() {
        let fallback = Fallback<String, Int>("f", FallbackSettings(entriesMax: 2))
        fallback.store(1, for: "a", bytes: 1, now: 1)
        fallback.store(2, for: "b", bytes: 1, now: 2)
        fallback.store(3, for: "a", bytes: 1, now: 3)
        fallback.store(4, for: "c", bytes: 1, now: 4)
        #expect(fallback.take("a", now: 5)?.value == 3)
        #expect(fallback.take("b", now: 5) == nil)
        #expect(fallback.take("c", now: 5)?.value == 4)
    }

    @Test("Bytes are bounded, and what is larger than all room is not kept, nor its older answer")
    func boundsBytes() {
        let fallback = Fallback<String, Int>("f", FallbackSettings(bytesMax: 100))
        for number in 0..<10 { fallback.store(number, for: "\(number)", bytes: 30, now: 1) }
        #expect(fallback.count == 3 && fallback.bytes == 90)
        fallback.store(1, for: "9", bytes: 101, now: 2)
        #expect(fallback.take("9", now: 2) == nil)
        #expect(fallback.bytes == 60)
    }

    @Test("Its bounds hold and its sum is right, whatever is stored", arguments: 0..<30)
    func keepsItsRules(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var answers = LastGoodAnswers<Int, Int>(FallbackSettings(entriesMax: 10, bytesMax: 200))
        var sizes: [Int: Int] = [:]
        for turn in 0..<3_000 {
            let (key, bytes) = (Int.random(in: 0..<30, using: &random), Int.random(in: 0...60, using: &random))
            answers.store(turn, for: key, bytes: bytes, now: UInt64(turn))
            sizes[key] = bytes
            guard case .stale(let value) = answers.answer(for: key, now: UInt64(turn)) else {
                Issue.record("what was just stored is gone")
                return
            }
            #expect(value.value == turn)
            var (count, sum) = (0, 0)
            for (key, size) in sizes {
                if case .stale = answers.answer(for: key, now: UInt64(turn)) { (count, sum) = (count + 1, sum + size) }
            }
            #expect(answers.count == count && count <= 10)
            #expect(answers.bytes == sum && sum <= 200)
        }
    }
}
