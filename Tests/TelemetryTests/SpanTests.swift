import Telemetry
import TelemetryTesting
import Testing

@Suite("Spans")
struct SpanTests {
    struct Broken: Error {}

    @Test("A span carries what was set, with the last value of each key")
    func attributes() throws {
        let test = TestTelemetry()
        let span = test.tracer.startSpan("work", kind: .server, attributes: [.init("a", 1), .init("b", "x")])
        test.advance(by: .milliseconds(5))
        span.setAttribute(.init("a", 2))
        span.setAttributes([.init("c", true), .init("b", 1.5)])
        span.addEvent("half", [.init("n", 1)])
        span.updateName("work done")
        span.setStatus(.error("no"))
        #expect(span.isRecording)
        span.end()
        #expect(!span.isRecording)
        let data = try #require(test.finishedSpans.first)
        #expect(data.name == "work done" && data.kind == .server && data.status == .error("no"))
        #expect(data.attributes.map(\.key) == ["a", "b", "c"])
        #expect(data["a"] == .int(2) && data["b"] == .double(1.5) && data["c"] == .bool(true))
        #expect(data.startUnixNanoseconds == TestTelemetry.startUnixNanoseconds)
        #expect(data.durationNanoseconds == 5_000_000)
        #expect(data.events.map(\.name) == ["half"])
        #expect(data.events[0].unixNanoseconds == TestTelemetry.startUnixNanoseconds + 5_000_000)
    }

    @Test("Nothing changes after the end, and a second end hands over nothing")
    func afterEnd() {
        let test = TestTelemetry()
        let span = test.tracer.startSpan("once")
        span.end()
        span.setAttribute(.init("late", 1))
        span.addEvent("late")
        span.addLink(span.context)
        span.setStatus(.error("late"))
        span.updateName("late")
        span.recordError(Broken())
        span.end()
        span.end(at: 5, attributes: [.init("late", 1)])
        #expect(test.finishedSpans.count == 1)
        let data = test.finishedSpans[0]
        #expect(data.name == "once" && data.attributes.isEmpty && data.events.isEmpty && data.links.isEmpty)
        #expect(data.status == .unset)
    }

    @Test("Ok is final and unset changes nothing")
    func statusRules() {
        let test = TestTelemetry()
        let span = test.tracer.startSpan("s")
        span.setStatus(.error("a"))
        span.setStatus(.unset)
        span.setStatus(.ok)
        span.setStatus(.error("b"))
        span.end()
        #expect(test.finishedSpans[0].status == .ok)
    }

    @Test("Children follow the task: nested, in child tasks, and back after the scope")
    func tree() async {
        let test = TestTelemetry()
        await test.tracer.withSpan("root") { _ in
            test.tracer.withSpan("first") { _ in test.tracer.startSpan("leaf").end() }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { test.tracer.withSpan("second") { _ in } }
            }
            test.tracer.startSpan("third").end()
        }
        test.tracer.startSpan("other").end()
        let trees = test.spanTrees
        #expect(trees.map(\.span.name) == ["other", "root"])
        #expect(trees[1].outline == "root\n  first\n    leaf\n  second\n  third")
        #expect(trees[1].isConsistent)
        #expect(Set(trees[1].edges) == ["root → first", "first → leaf", "root → second", "root → third"])
    }

    @Test("An error leaves withSpan as it is, recorded, with status Error")
    func thrown() async throws {
        let test = TestTelemetry()
        await #expect(throws: Broken.self) {
            try await test.tracer.withSpan("fails") { _ async throws(Broken) in
                await Task.yield()
                throw Broken()
            }
        }
        #expect(throws: Broken.self) { try test.tracer.withSpan("fails too") { _ in throw Broken() } }
        for data in test.finishedSpans {
            #expect(data.status == .error("Broken()"))
            #expect(data["error.type"] == .string("TelemetryTests.SpanTests.Broken"))
            #expect(data.events.isEmpty)
        }
        #expect(test.logLines.count { $0.contains("\"event.name\":\"exception\"") } == 2)
        #expect(test.finishedSpans.count == 2)
    }

    @Test("A remote parent gives its trace, state and flags; an explicit nil starts a trace")
    func parents() throws {
        let test = TestTelemetry()
        let (remote, _) = W3CPropagator.extract(traceparent: TraceContextTests.header, tracestate: "a=b")
        let parent = try #require(remote)
        let child = test.tracer.startSpan("server", kind: .server, parent: parent)
        #expect(child.context.traceID == parent.traceID && child.context.spanID != parent.spanID)
        #expect(child.context.traceState == parent.traceState && !child.context.isRemote)
        #expect(child.context.flags == [.sampled])
        child.end()
        let bound = TelemetryContext.$current.withValue(TelemetryContext(remoteParent: parent)) {
            test.tracer.startSpan("bound")
        }
        bound.end()
        let root = TelemetryContext.$current.withValue(TelemetryContext(span: child)) {
            test.tracer.startSpan("root", parent: nil)
        }
        root.end()
        #expect(bound.context.traceID == parent.traceID)
        #expect(root.context.traceID != parent.traceID && root.context.flags == [.sampled, .random])
        let data = test.finishedSpans
        #expect(data.map(\.parentSpanID) == [parent.spanID, parent.spanID, .invalid])
        #expect(data.map(\.parentIsRemote) == [true, true, false])
    }

    @Test("An invalid parent starts a trace of its own")
    func invalidParent() {
        let test = TestTelemetry()
        let span = test.tracer.startSpan("s", parent: SpanContext(traceID: .invalid, spanID: SpanID(rawValue: 1)))
        span.end()
        #expect(span.context.isValid && !test.finishedSpans[0].parentSpanID.isValid)
    }

    @Test("Beyond the limits attributes, events and links are dropped and counted; known keys still change")
    func limits() throws {
        let test = try TestTelemetry(environment: [
            "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "3", "OTEL_SPAN_EVENT_COUNT_LIMIT": "1",
            "OTEL_SPAN_LINK_COUNT_LIMIT": "1",
        ])
        let span = test.tracer.startSpan("s", attributes: [.init("a", 1), .init("b", 1)])
        for _ in 0..<10 { span.setAttribute(.init("a", 2)) }
        span.setAttributes([.init("c", 1), .init("d", 1), .init("b", 3)])
        for _ in 0..<3 {
            span.addEvent("e")
            span.addLink(span.context)
        }
        span.end()
        let data = try #require(test.finishedSpans.first)
        #expect(data.attributes.map(\.key) == ["a", "b", "c"])
        #expect(data["a"] == .int(2) && data["b"] == .int(3))
        #expect(data.droppedAttributes == 1 && data.droppedEvents == 2 && data.droppedLinks == 2)
        #expect(data.events.count == 1 && data.links.count == 1)
    }

    @Test("A suppressed context starts no span and hands its parent on")
    func suppression() {
        let test = TestTelemetry()
        let outer = test.tracer.startSpan("outer")
        let context = TelemetryContext(span: outer, isSuppressed: true)
        let inner = TelemetryContext.$current.withValue(context) { test.tracer.startSpan("inner") }
        inner.end()
        #expect(!inner.isRecording && inner.context == outer.context)
        #expect(test.finishedSpans.isEmpty)
    }

    @Test("The disabled SDK records nothing and lets contexts through")
    func disabled() throws {
        let test = try TestTelemetry(environment: ["OTEL_SDK_DISABLED": "TRUE"])
        let parent = try #require(W3CPropagator.extract(traceparent: TraceContextTests.header).0)
        let span = test.tracer.startSpan("s", parent: parent)
        span.end()
        #expect(span.context == parent && test.finishedSpans.isEmpty)
        #expect(!Telemetry.disabled().tracer.startSpan("s").isRecording)
    }

    @Test("An unsampled span has ids of its own, and nothing that is set on it is kept")
    func unsampled() throws {
        let test = try TestTelemetry(environment: ["OTEL_TRACES_SAMPLER": "always_off"])
        let span = test.tracer.startSpan("s")
        span.setAttributes([.init("a", 1)])
        span.recordError(Broken())
        span.end()
        #expect(span.context.isValid && !span.context.isSampled && !span.isRecording && span.startNanoseconds == 0)
        #expect(test.finishedSpans.isEmpty)
        let labels = ["otel_span_parent_origin": "none", "otel_span_sampling_result": "DROP"]
        #expect(try test.value("otel_sdk_span_started_total", labels) == 1)
    }

    @Test("Start and end may be given; the end is never before the start")
    func explicitTimes() {
        let test = TestTelemetry()
        let start = test.monotonicNanoseconds
        test.tracer.startSpan("a", startNanoseconds: start).end(at: start + 7)
        test.tracer.startSpan("b", startNanoseconds: start).end(at: start - 7)
        #expect(test.finishedSpans.map(\.durationNanoseconds) == [7, 0])
    }

    @Test("Spans changed and ended by many tasks at once lose nothing")
    func concurrency() async {
        let test = TestTelemetry()
        let shared = test.tracer.startSpan("shared")
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for index in 0..<100 {
                        if index < 10 { shared.setAttribute(.init("k\(task).\(index)", index)) }
                        test.tracer.startSpan("own", parent: shared.context).end()
                    }
                }
            }
        }
        shared.end()
        let spans = test.finishedSpans
        #expect(spans.count == 801)
        #expect(Set(spans.map(\.context.spanID)).count == 801)
        #expect(test.span(named: "shared")?.attributes.count == 80)
    }
}
