import Glibc
import JSON
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@Suite("Log lines")
struct LoggingTests {
    private func object(_ line: String) throws -> JSONObject {
        let value = try JSONValue(parsing: Array(line.utf8))
        return try #require({ if case .object(let object) = value { object } else { nil } }() as JSONObject?)
    }

    @Test("A line is one JSON object with fixed fields first")
    func golden() throws {
        let test = TestTelemetry(serviceName: "order")
        let context = try #require(W3CPropagator.extract(traceparent: TraceContextTests.header).0)
        test.advance(by: .microseconds(42))
        test.log.warning(
            "order placed",
            [
                .init("text", "a\"b"), .init("int", -7), .init("double", 1.5), .init("whole", 2.0), .init("flag", true),
                .init("list", .strings(["x", "y\n"])), .init("nan", .nan), .userEmail("ada@example.org"),
            ], in: context)
        #expect(
            test.logLines == [
                #"{"timestamp":"2026-01-02T03:04:05.000042Z","severity":"WARN","message":"order placed","#
                    + #""service.name":"order","trace_id":"0af7651916cd43dd8448eb211c80319c","#
                    + #""span_id":"b7ad6b7169203331","text":"a\"b","int":-7,"double":1.5,"whole":2,"flag":true,"#
                    + #""list":["x","y\n"],"nan":null,"user.email":"[redacted]"}"#
            ])
    }

    @Test("Ids come from the current span, from its remote parent, or are left out")
    func context() {
        let test = TestTelemetry()
        test.log.info("none")
        let span = test.tracer.withSpan("s") { span in
            test.log.info("in span")
            return span
        }
        #expect(!test.logLines[0].contains("trace_id"))
        #expect(
            test.logLines[1].contains("\"trace_id\":\"\(span.context.traceID)\",\"span_id\":\"\(span.context.spanID)\"")
        )
    }

    @Test("A line below the level does not even evaluate its attributes")
    func levels() throws {
        let test = try TestTelemetry(environment: [:], logLevel: .warning)
        var evaluated = 0
        func attributes() -> [Attribute] {
            evaluated += 1
            return []
        }
        test.log.debug("d", attributes())
        test.log.info("i", attributes())
        test.log.warning("w", attributes())
        test.log.error("e", attributes())
        #expect(evaluated == 2 && test.logLines.count == 2)
    }

    @Test("Every hostile text stays one line of valid JSON that reads back as it was")
    func hostile() throws {
        let test = TestTelemetry()
        var texts = (0..<0x100).compactMap { Unicode.Scalar($0).map { "x\($0)y" } }
        texts += ["\u{2028}", "日本語", "🛒", "\"\\\"\\", String(repeating: "\u{1}", count: 100), "</script>"]
        // Each place within and across the eight bytes that are looked at together.
        for length in 0..<24 { texts.append(String(repeating: "a", count: length) + "\"\n" + "tail of text") }
        for text in texts {
            test.log.info("hostile", [.init("value", text), .init("k\n\"", 1)])
            let line = try #require(test.logLines.last)
            #expect(!line.contains("\n"))
            let object = try self.object(line)
            #expect(object["value"] == .string(text))
        }
    }

    @Test("The timestamp is right across days, years and leap days")
    func timestamps() throws {
        let expected: [(UInt64, String)] = [
            (0, "1970-01-01T00:00:00.000000Z"), (951_827_696, "2000-02-29T12:34:56.000000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000000Z"), (1_735_689_599, "2024-12-31T23:59:59.000000Z"),
            (1_735_689_600, "2025-01-01T00:00:00.000000Z"), (4_107_542_400, "2100-03-01T00:00:00.000000Z"),
        ]
        for (seconds, text) in expected {
            let test = TestTelemetry(startUnixNanoseconds: seconds * 1_000_000_000)
            test.log.info("now")
            #expect(test.logLines[0].contains(text))
        }
    }

    @Test("finish ends the span and writes the line from one array, at one instant")
    func finish() throws {
        let test = TestTelemetry()
        let span = test.tracer.startSpan("GET /x", kind: .server)
        test.advance(by: .milliseconds(3))
        test.telemetry.finish(
            span, "request", attributes: [.httpRoute("/x"), .httpResponseStatusCode(500)], status: .error("boom"))
        let data = try #require(test.finishedSpans.first)
        #expect(data["http.route"] == .string("/x") && data.status == .error("boom"))
        #expect(data.durationNanoseconds == 3_000_000)
        #expect(test.logLines[0].contains("\"timestamp\":\"2026-01-02T03:04:05.003000Z\""))
        #expect(test.logLines[0].contains("\"span_id\":\"\(span.context.spanID)\",\"http.route\":\"/x\""))
    }

    /// One message, written as often as the test likes.
    private static var unlimited: TelemetryConfiguration {
        var configuration = TelemetryConfiguration(serviceName: "pipe")
        configuration.logRepeats = LogRepeats(first: 1_000_000)
        return configuration
    }

    @Test("Lines of many threads reach a descriptor whole and complete")
    func descriptor() async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let telemetry = Telemetry(Self.unlimited, logSink: .descriptor(ends[1]))
        let read = Mutex<[UInt8]>([])
        let end = ends[0]
        let reader = startThread { read.withLock { $0 = readToEnd(end) } }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for index in 0..<500 { telemetry.log.info("line", [.init("task", task), .init("index", index)]) }
                }
            }
        }
        await telemetry.flush()
        close(ends[1])
        pthread_join(reader, nil)
        let lines = read.withLock { $0 }.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 2_000)
        var seen: Set<String> = []
        for line in lines {
            let object = try self.object(String(decoding: line, as: UTF8.self))
            seen.insert("\(String(describing: object["task"])) \(String(describing: object["index"]))")
        }
        #expect(seen.count == 2_000)
        close(ends[0])
    }

    @Test("A reader that has stopped costs lines, counted, and never the recorder's time")
    func blockedReader() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let telemetry = Telemetry(Self.unlimited, logSink: .descriptor(ends[1]))
        let text = String(repeating: "x", count: 1_000)
        // Far more than the pipe and the slot's buffer hold; it returns because nothing here waits.
        for _ in 0..<6_000 { telemetry.log.info("line", [.init("text", text)]) }
        let scrape = try PrometheusText(parsing: String(decoding: telemetry.metrics.exposition(), as: UTF8.self))
        #expect(try #require(scrape.value("shop_log_lines_dropped_total")) > 1_000)
        // The writer thread sees the closed end and gives up the rest.
        signal(SIGPIPE, SIG_IGN)
        close(ends[0])
    }
}

private func readToEnd(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(descriptor, &chunk, chunk.count), count > 0 { all += chunk[..<count] }
    return all
}
