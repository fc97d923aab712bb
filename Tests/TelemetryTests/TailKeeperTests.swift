import Telemetry
import TelemetryTesting
import Testing

@Suite("Keeping traces by their outcome")
struct TailKeeperTests {
    private func test(ratio: Double = 0, spansPerRootMax: Int = 512, spansMax: Int = 50_000) -> TestTelemetry {
        var configuration = TelemetryConfiguration(serviceName: "test")
        var tail = TailSettings(ratio: ratio, slow: .milliseconds(100))
        tail.spansPerRootMax = spansPerRootMax
        tail.spansMax = spansMax
        configuration.tail = tail
        return TestTelemetry(configuration)
    }

    private func decided(_ test: TestTelemetry, _ decision: String) throws -> Double? {
        try test.value("shop_telemetry_tail_traces_total", ["decision": decision])
    }

    @Test("A trace that went well and quickly is dropped whole, and counted")
    func dropped() throws {
        let test = self.test()
        test.tracer.withSpan("root") { _ in test.tracer.withSpan("child") { _ in } }
        #expect(test.finishedSpans.isEmpty)
        #expect(try self.decided(test, "dropped") == 1)
        #expect(try test.value("shop_telemetry_tail_dropped_spans_total") == 2)
        #expect(try test.value("shop_telemetry_tail_held") == 0)
    }

    @Test("One failed span keeps its whole trace, those that ended before it too")
    func error() throws {
        let test = self.test()
        test.tracer.withSpan("root") { _ in
            test.tracer.withSpan("good") { _ in }
            test.tracer.withSpan("bad") { $0.setStatus(.error("no")) }
            #expect(test.finishedSpans.isEmpty)
        }
        #expect(Set(test.finishedSpans.map(\.name)) == ["root", "good", "bad"])
        #expect(try self.decided(test, "error") == 1)
    }

    @Test("A slow root keeps its trace; at the bound it is slow, below it is not")
    func slow() throws {
        let test = self.test()
        for milliseconds in [99, 100] {
            let root = test.tracer.startSpan("root \(milliseconds)")
            test.advance(by: .milliseconds(milliseconds))
            root.end()
        }
        #expect(test.finishedSpans.map(\.name) == ["root 100"])
        #expect(try self.decided(test, "slow") == 1)
    }

    @Test("Of the rest a share is kept, the same traces in every process")
    func share() throws {
        let (one, other) = (self.test(ratio: 0.3), self.test(ratio: 0.3))
        for _ in 0..<2_000 {
            let remote = SpanContext(traceID: .random(), spanID: .random(), flags: [.sampled, .random], isRemote: true)
            one.tracer.startSpan("s", parent: remote).end()
            other.tracer.startSpan("s", parent: remote).end()
        }
        let kept = Set(one.finishedSpans.map(\.context.traceID))
        #expect((450...750).contains(kept.count))
        #expect(Set(other.finishedSpans.map(\.context.traceID)) == kept)
    }

    @Test("A span that ends after its root goes the way its trace went")
    func late() throws {
        let test = self.test()
        var late: [ActiveSpan] = []
        test.tracer.withSpan("dropped") { _ in late.append(test.tracer.startSpan("late of dropped")) }
        test.tracer.withSpan("kept") { root in
            late.append(test.tracer.startSpan("late of kept"))
            root.setStatus(.error("no"))
        }
        for span in late { span.end() }
        #expect(Set(test.finishedSpans.map(\.name)) == ["kept", "late of kept"])
        #expect(try test.value("shop_telemetry_tail_dropped_spans_total") == 2)
    }

    @Test("A trace with more spans than may be held back is kept as it comes", arguments: [true, false])
    func large(ofOneRoot: Bool) throws {
        let test = ofOneRoot ? self.test(spansPerRootMax: 10) : self.test(spansMax: 9)
        test.tracer.withSpan("root") { _ in
            for _ in 0..<25 { test.tracer.startSpan("child").end() }
            #expect(test.finishedSpans.count == 25)
        }
        #expect(test.finishedSpans.count == 26)
        #expect(try self.decided(test, "large") == 1)
        #expect(try test.value("shop_telemetry_tail_held") == 0)
    }

    @Test("A root that nobody ends keeps nothing for ever")
    func abandoned() throws {
        let test = self.test()
        func lose() {
            let root = test.tracer.startSpan("root")
            TelemetryContext.$current.withValue(TelemetryContext(span: root)) {
                for _ in 0..<5 { test.tracer.startSpan("child").end() }
            }
        }
        lose()
        #expect(try test.value("shop_telemetry_tail_held") == 0)
        #expect(try test.value("shop_telemetry_tail_dropped_spans_total") == 5)
    }

    @Test("Requests of one trace that reach a process twice are decided each by itself")
    func twoRoots() throws {
        let test = self.test()
        let caller = SpanContext(traceID: .random(), spanID: .random(), flags: .sampled, isRemote: true)
        test.tracer.startSpan("good", parent: caller).end()
        let bad = test.tracer.startSpan("bad", parent: caller)
        bad.setStatus(.error("no"))
        bad.end()
        #expect(test.finishedSpans.map(\.name) == ["bad"])
    }
}
