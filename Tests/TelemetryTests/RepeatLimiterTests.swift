import TelemetryTesting
import Testing

@testable import Telemetry

@Suite("Messages that repeat")
struct RepeatLimiterTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("The first of each second are written, then every so manieth, with the number left out")
    func thinning() {
        var limiter = RepeatLimiter()
        let repeats = LogRepeats(first: 3, every: 4)
        let admissions = (0..<12).map { _ in limiter.admit(1, now: 10 * Self.second, repeats) }
        #expect(
            admissions == [
                .write(skipped: 0), .write(skipped: 0), .write(skipped: 0), .skip, .skip, .skip, .write(skipped: 3),
                .skip, .skip, .skip, .write(skipped: 3), .skip,
            ])
        #expect(limiter.admit(1, now: 11 * Self.second, repeats) == .write(skipped: 1))
        #expect(limiter.admit(1, now: 11 * Self.second, repeats) == .write(skipped: 0))
    }

    @Test("One message's repeats cost no other message a line")
    func independence() {
        var limiter = RepeatLimiter()
        let repeats = LogRepeats(first: 1, every: 1_000)
        for _ in 0..<100 { _ = limiter.admit(16, now: Self.second, repeats) }
        for key in 1...20 as ClosedRange<UInt> {
            #expect(limiter.admit(key * 4_096 + 8, now: Self.second, repeats) == .write(skipped: 0))
        }
    }

    @Test("More messages than the table holds are written rather than lost")
    func overflow() {
        var limiter = RepeatLimiter()
        let repeats = LogRepeats(first: 1, every: 1_000)
        for round in 0..<3 as Range<UInt64> {
            for key in 1...1_000 as ClosedRange<UInt> {
                let admission = limiter.admit(key * 64, now: (round + 1) * Self.second, repeats)
                #expect(admission != .skip)
            }
        }
    }

    @Test("Repeats of a line are thinned out and counted; the record of a request is not")
    func throughTheLogger() throws {
        var configuration = TelemetryConfiguration(serviceName: "test")
        configuration.logRepeats = LogRepeats(first: 2, every: 5)
        let test = TestTelemetry(configuration)
        for _ in 0..<7 { test.log.info("again") }
        #expect(test.logLines.count == 3)
        #expect(test.logLines[2].hasSuffix(#","skipped":4}"#))
        #expect(try test.value("shop_log_lines_skipped_total") == 4)
        for _ in 0..<7 { test.telemetry.finish(test.tracer.startSpan("r"), "request", attributes: []) }
        #expect(test.logLines.count == 10)
        #expect(try test.value("otel_sdk_log_created_total") == 14)
    }
}

@Suite("What is counted of log lines")
struct LogCountTests {
    private func written(_ test: TestTelemetry) throws -> [String: Double] {
        let series = try test.samples().series("shop_log_lines_total")
        return Dictionary(uniqueKeysWithValues: series.map { ($0.labels["severity"] ?? "", $0.value) })
    }

    @Test("Lines are counted by severity, each there at zero; those below the level and those left out are not")
    func severities() throws {
        var configuration = TelemetryConfiguration(serviceName: "test")
        configuration.logRepeats = LogRepeats(first: 2, every: 5)
        let test = TestTelemetry(configuration, logLevel: .info)
        #expect(try self.written(test) == ["debug": 0, "info": 0, "warn": 0, "error": 0])
        test.log.debug("below")
        for _ in 0..<7 { test.log.info("again") }
        for _ in 0..<2 { test.log.warning("twice") }
        test.log.error("once")
        #expect(test.logLines.count == 6)
        #expect(try self.written(test) == ["debug": 0, "info": 3, "warn": 2, "error": 1])
    }

    @Test("Threads count together")
    func threads() async throws {
        let test = TestTelemetry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<100 { test.log.warning("much") } } }
        }
        #expect(try self.written(test)["warn"] == 800)
    }

    @Test("A severity is a level, spelled as in a line but in lower case")
    func names() {
        let test = TestTelemetry()
        let levels: [LogLevel] = [.debug, .info, .warning, .error]
        for level in levels { test.log.log(level, "line") }
        #expect(levels.map { Int($0.rawValue) } == Array(0..<LogLevel.count))
        for (severity, line) in zip(LogSeverity.allCases, test.logLines) {
            #expect(line.contains(#""severity":"\#(severity.rawValue.uppercased())""#))
        }
    }
}

@Suite("Log formats and limits")
struct LogFormatTests {
    private func test(_ format: LogFormat, limits: LogLimits = LogLimits()) -> TestTelemetry {
        var configuration = TelemetryConfiguration(serviceName: "order")
        configuration.logFormat = format
        configuration.logLimits = limits
        return TestTelemetry(configuration)
    }

    @Test("Text for people: time, level, service, message, attributes, ids")
    func text() throws {
        let test = self.test(.text)
        let context = try #require(W3CPropagator.extract(traceparent: TraceContextTests.header).0)
        test.log.warning(
            "payment provider failed",
            [.init("error.type", "timeout"), .init("n", 3), .init("text", "two words"), .userEmail("a@b.c")],
            in: context)
        #expect(
            test.logLines == [
                "03:04:05.000 WARN  order  payment provider failed  error.type=timeout  n=3  text=\"two words\""
                    + "  user.email=[redacted]  trace_id=0af7651916cd43dd8448eb211c80319c  span_id=b7ad6b7169203331"
            ])
    }

    @Test("A stranger's text can neither break the line, nor look like an attribute, nor command a terminal")
    func hostileText() {
        let test = self.test(.text)
        test.log.info("m", [.init("v", "a\nb"), .init("v", "\u{1b}[2J"), .init("v", "x trace_id=1"), .init("v", "")])
        #expect(
            test.logLines[0].hasSuffix(#"  m  v="a\nb"  v="\u001b[2J"  v="x trace_id=1"  v="""#), "\(test.logLines)")
        test.log.info("m", [.init("v", "\u{9b}2Jé\u{202e}"), .init("w", .strings(["\u{7f}", "é"]))])
        #expect(test.logLines[1].hasSuffix(#"  m  v="<U+009b>2Jé<U+202e>"  w=["<U+007f>","é"]"#), "\(test.logLines)")
    }

    @Test("Where no terminal reads, automatic is JSON")
    func automatic() {
        #expect(
            {
                let test = self.test(.automatic)
                test.log.info("m")
                return test.logLines[0].hasPrefix("{\"timestamp\"")
            }())
    }

    @Test("Colours come only with a terminal")
    func colours() {
        var sink = ByteSink()
        var timestamp = TimestampText()
        let entry = LogEntry(
            unixNanoseconds: 0, level: .error, message: "m", eventName: nil, attributes: [], context: nil)
        LogText.append(
            entry, service: Array("s".utf8), limits: LogLimits(), inColour: true, timestamp: &timestamp, to: &sink)
        let text = String(decoding: sink.bytes, as: UTF8.self)
        #expect(text.contains("\u{1b}[1;31mERROR\u{1b}[0m") && text.hasSuffix("\u{1b}[0m\n"))
    }

    @Test("Attributes beyond the limits are cut, dropped and counted, in every format")
    func limits() {
        var limits = LogLimits()
        limits.attributesMax = 2
        limits.attributeValueLengthMax = 3
        let test = self.test(.json, limits: limits)
        test.log.info("m", [.init("a", "éééé"), .init("b", .strings(["12345"])), .init("c", 1), .init("d", 2)])
        #expect(test.logLines[0].hasSuffix(#""a":"ééé","b":["123"],"dropped_attributes":2}"#))
        var sink = OTLPLogEncoder(resource: .empty, scopeName: "s", scopeVersion: "1", limits: limits)
        let record = LogRecord(
            LogEntry(
                unixNanoseconds: 1, level: .info, message: "m", eventName: "exception",
                attributes: [.init("a", "éééé"), .init("b", 1), .init("c", 1)], context: nil))
        let body = String(decoding: sink.encode([record]), as: UTF8.self)
        #expect(body.contains(#""eventName":"exception""#) && body.contains(#""droppedAttributesCount":1"#))
        #expect(body.contains(#"{"stringValue":"ééé"}"#))
        sink = OTLPLogEncoder(resource: .empty, scopeName: "s", scopeVersion: "1")
        #expect(!String(decoding: sink.encode([record]), as: UTF8.self).contains("dropped"))
    }

    struct Broken: Error {}

    @Test("An error is a log record of its span; a span event too only where asked for")
    func exceptions() throws {
        for optIn in ["logs", "logs/dup"] {
            let test = try TestTelemetry(environment: ["OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN": optIn])
            let span = test.tracer.startSpan("s")
            span.recordError(Broken())
            span.end()
            let line = try #require(test.logLines.first)
            #expect(
                line.contains(#""event.name":"exception""#) && line.contains("\"span_id\":\"\(span.context.spanID)\""))
            #expect(
                line.contains("Broken") && line.contains("\"exception.type\"") && line.contains("exception.message"))
            #expect(test.finishedSpans[0].events.map(\.name) == (optIn == "logs" ? [] : ["exception"]))
        }
    }

    @Test("An error in a span that is not sampled still leaves its line")
    func unsampledException() throws {
        let test = try TestTelemetry(environment: ["OTEL_TRACES_SAMPLER": "always_off"])
        #expect(throws: Broken.self) { try test.tracer.withSpan("s") { _ in throw Broken() } }
        #expect(test.logLines.count == 1 && test.finishedSpans.isEmpty)
    }
}
