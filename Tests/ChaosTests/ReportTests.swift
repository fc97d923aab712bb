import JSON
import Testing

@testable import Chaos

@Suite("Reports")
struct ReportTests {
    static func report(_ ending: RunReport.Ending = .complete) throws -> RunReport {
        var title = JSONWriter(capacity: 0)
        title.value(.string("Orders | <fail> & \"heal\""))
        let text = """
            {"name": "x", "title": \(String(decoding: title.bytes, as: UTF8.self)), "description": "D", "seed": 7,
             "load": {}, "steady": {"seconds": 1, "probes": [{"that": "errors", "at_most": 0}]},
             "method": [{"at": 0, "action": "kill", "process": "cart"}], "fault_seconds": 1,
             "expect": [{"that": "errors", "at_most": 0}], "recovery": {"within_seconds": 2}}
            """
        var record = RunRecord()
        record.phases = [
            .steady: .init(begin: 0, end: 2), .fault: .init(begin: 2, end: 4), .recovery: .init(begin: 4, end: 6),
            .run: .init(begin: 0, end: 6),
        ]
        for index in 0..<24 where index / 4 != 5 {
            let at = Double(index) / 4
            let isBroken = at >= 2 && at < 4
            record.append(
                RequestOutcome(
                    at: at, step: "browse", status: isBroken ? 503 : 200, seconds: isBroken ? 0.5 : 0.01,
                    traceID: "0af7651916cd43dd8448eb211c80319c"))
        }
        record.note(2, "kill cart")
        record.note(4.04, "everything undone")
        let name = BreakerName(service: "gateway", breaker: "cart")
        record.sawBreaker(name, process: "gateway", state: "closed", at: 0)
        record.sawBreaker(name, process: "gateway", state: "open", at: 2.5)
        record.sawBreaker(name, process: "gateway", state: "half_open", at: 4.5)
        record.sawBreaker(name, process: "gateway", state: "closed", at: 5)
        record.recoveredAfter = 1
        return RunReport(
            experiment: try Experiment(parsing: Array(text.utf8)), target: "a stub", ending: ending,
            findings: [
                Finding(claim: "a | b", measured: "1", passed: true), Finding(claim: "c", measured: "2", passed: false),
            ], record: record)
    }

    @Test("The Markdown holds verdict, findings, timeline, breakers and traces")
    func markdown() throws {
        #expect(
            try Self.report().markdown() == """
                # Orders | <fail> & "heal"

                **failed** · experiment `x` · seed 7 · a stub

                D

                ![Requests, errors and p99 by second](chart.svg)

                ## What was asserted

                | | Claim | Measured |
                |---|---|---|
                | ok | a \\| b | 1 |
                | **FAIL** | c | 2 |

                ## Timeline

                | At | What |
                |---|---|
                | 2 s | kill cart |
                | 4 s | everything undone |

                ## Breakers

                | At | Process | Breaker | Change |
                |---|---|---|---|
                | 2.5 s | gateway | cart | closed → open |
                | 4.5 s | gateway | cart | open → half_open |
                | 5 s | gateway | cart | half_open → closed |

                ## Traces of failed requests

                | At | Step | Status | Trace |
                |---|---|---|---|
                | 2 s | browse | 503 | `0af7651916cd43dd8448eb211c80319c` |


                """)
    }

    @Test("The JSON holds the same for programs")
    func json() throws {
        let bytes = try Self.report().json(startedAt: "2026-01-02T03:04:05Z")
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"""
                {"experiment":"x","title":"Orders | <fail> & \"heal\"","verdict":"failed","started_at":"2026-01-02T03:04:05Z","seed":7,"target":"a stub","phases":{"steady":[0,2],"fault":[2,4],"recovery":[4,6],"run":[0,6]},"recovered_after_seconds":1,"findings":[{"claim":"a | b","measured":"1","passed":true},{"claim":"c","measured":"2","passed":false}],"timeline":[{"at":2,"what":"kill cart"},{"at":4.04,"what":"everything undone"}],"breakers":[{"at":0,"process":"gateway","breaker":"cart","from":null,"to":"closed"},{"at":2.5,"process":"gateway","breaker":"cart","from":"closed","to":"open"},{"at":4.5,"process":"gateway","breaker":"cart","from":"open","to":"half_open"},{"at":5,"process":"gateway","breaker":"cart","from":"half_open","to":"closed"}],"seconds":[{"requests":4,"errors":0,"p99_ms":10},{"requests":4,"errors":0,"p99_ms":10},{"requests":4,"errors":4,"p99_ms":500},{"requests":4,"errors":4,"p99_ms":500},{"requests":4,"errors":0,"p99_ms":10},{"requests":0,"errors":0}],"traces":[{"at":2,"step":"browse","status":503,"trace_id":"0af7651916cd43dd8448eb211c80319c"}],"outcomes_dropped":0}
                """#)
    }

    @Test("A run that could not be, or was interrupted, says so everywhere")
    func endings() throws {
        let refused = try Self.report(.cannotRun("no lab"))
        #expect(refused.markdown().contains("It could not be run: no lab"))
        #expect(refused.lines.last == "x: cannot run: no lab")
        #expect(refused.exitStatus == 2)
        let interrupted = try Self.report(.interrupted)
        #expect(interrupted.markdown().contains("interrupted"))
        #expect(interrupted.exitStatus == 1)
    }

    @Test("The chart is well-formed XML with the fault's span, both lines and the breaker's bar")
    func chart() throws {
        let svg = try Self.report().chart()
        let elements = try WellFormedXML.elements(of: svg)
        #expect(elements.first == "svg")
        #expect(elements.filter { $0 == "polyline" }.count == 2)
        #expect(elements.filter { $0 == "polygon" }.count == 1)
        // The ground, the fault's span, and four pieces of the breaker's bar.
        #expect(elements.filter { $0 == "rect" }.count == 6)
        #expect(svg.contains("Orders | &lt;fail&gt; &amp; &quot;heal&quot;: failed"))
    }

    @Test("A run without a single request still has a chart")
    func emptyChart() throws {
        let report = try Self.report()
        let empty = RunReport(
            experiment: report.experiment, target: "", ending: .interrupted, findings: [], record: RunRecord())
        #expect(try WellFormedXML.elements(of: empty.chart()).first == "svg")
    }

    @Test("A line of progress tells phase, rate, failures, p99 and what is open")
    func progress() throws {
        let snapshot = ProgressSnapshot(try Self.report().record, now: 5)
        #expect(snapshot.line == "  5 s  recovery     4 /s    0 failed  p99    10 ms")
        var record = RunRecord()
        record.phases[.fault] = .init(begin: 0)
        record.sawBreaker(BreakerName(service: "a", breaker: "b"), process: "a", state: "open", at: 0)
        #expect(
            ProgressSnapshot(record, now: 1).line == "  1 s  fault        0 /s    0 failed  p99     – ms  a → b open")
    }
}

/// Just enough of XML to tell a document that a browser would refuse: tags nest, attributes are quoted, `&` and `<` are
/// escaped.
enum WellFormedXML {
    struct Fault: Error, CustomStringConvertible { let description: String }

    /// The names of all elements, in order of their start.
    static func elements(of text: String) throws -> [String] {
        var names: [String] = []
        var open: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            try self.checkText(rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else { throw Fault(description: "a tag without end") }
            var tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                guard open.popLast() == String(tag.dropFirst()) else {
                    throw Fault(description: "</\(tag)> closes nothing")
                }
                continue
            }
            let isEmpty = tag.hasSuffix("/")
            if isEmpty { tag = tag.dropLast() }
            let name = String(tag.prefix { $0.isLetter })
            guard tag.count(where: { $0 == "\"" }).isMultiple(of: 2), !tag.contains("<"), !name.isEmpty else {
                throw Fault(description: "<\(tag)>")
            }
            try self.checkText(tag)
            names.append(name)
            if !isEmpty { open.append(name) }
        }
        guard open.isEmpty else { throw Fault(description: "open: \(open)") }
        return names
    }

    private static func checkText(_ text: Substring) throws {
        for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            guard ["amp;", "lt;", "gt;", "quot;"].contains(where: { part.hasPrefix($0) }) else {
                throw Fault(description: "a bare & before \(part.prefix(10))")
            }
        }
    }
}
