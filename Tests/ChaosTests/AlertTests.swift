import Testing

@testable import Chaos

/// What is made of the alerts that were seen, by hand-picked moments.
@Suite("Alerts of an experiment")
struct AlertTests {
    private static func alert(_ name: String, _ labels: [String: String] = [:], suppressed: Bool = false) -> SeenAlert {
        SeenAlert(labels: labels.merging(["alertname": name]) { $1 }, isSuppressed: suppressed)
    }
    private static let watchdog = Self.alert("Watchdog")
    private static let open = Self.alert("CircuitBreakerOpen", ["breaker": "product", "service": "gateway"])
    private static let expected = AlertExpectations(
        must: [.init(alert: "CircuitBreakerOpen", labels: ["breaker": "product"], withinSeconds: 5)],
        may: ["HighLatency"], resolveWithinSeconds: 10)
    private static let fault = RunRecord.Span(begin: 10, end: 20)

    /// Sees these alerts at these moments, and nothing but the watchdog between and after.
    private static func timeline(_ sights: [(Double, [SeenAlert])]) -> AlertTimeline {
        var timeline = AlertTimeline()
        timeline.saw([Self.watchdog], at: 0)
        for (moment, alerts) in sights { timeline.saw([Self.watchdog] + alerts, at: moment) }
        return timeline
    }

    private static func results(_ timeline: AlertTimeline) -> [String] {
        Self.expected.findings(timeline, fault: Self.fault).map { "\($0.passed ? "ok" : "FAIL") \($0.measured)" }
    }

    @Test("What fires in time, alone, and is over in time, passes")
    func passes() {
        let timeline = Self.timeline([(13, [Self.open]), (24, [])])
        #expect(Self.results(timeline) == ["ok after 3 s", "ok none", "ok after 4 s"])
    }

    @Test("Too late, never, with other labels, or suppressed: nobody was told in time")
    func notTold() {
        #expect(Self.results(Self.timeline([(16, [Self.open]), (24, [])]))[0] == "FAIL after 6 s")
        #expect(Self.results(Self.timeline([]))[0] == "FAIL it never fired")
        let other = Self.alert("CircuitBreakerOpen", ["breaker": "cart"])
        #expect(Self.results(Self.timeline([(12, [other]), (13, [])]))[0] == "FAIL it never fired")
        let silent = Self.alert("CircuitBreakerOpen", ["breaker": "product"], suppressed: true)
        #expect(Self.results(Self.timeline([(12, [silent]), (13, [])]))[0] == "FAIL it never fired")
    }

    @Test("What was suppressed first counts from when somebody was told")
    func suppressedFirst() {
        let labels = ["breaker": "product", "service": "gateway"]
        let silent = Self.alert("CircuitBreakerOpen", labels, suppressed: true)
        let timeline = Self.timeline([(11, [silent]), (14, [Self.open]), (21, [])])
        #expect(Self.results(timeline)[0] == "ok after 4 s")
    }

    @Test("An alert that nobody foresaw fails, one that may fire does not, and a suppressed one is seen too")
    func others() {
        let surprise = Self.alert("StuckSaga", ["service": "order"], suppressed: true)
        let timeline = Self.timeline([(12, [Self.open, surprise, Self.alert("HighLatency")]), (21, [])])
        #expect(Self.results(timeline)[1] == "FAIL StuckSaga (order) at 12 s")
    }

    @Test("What is not over in time fails, and so does what still fires")
    func lasting() {
        #expect(Self.results(Self.timeline([(12, [Self.open]), (33, [])]))[2] == "FAIL after 13 s")
        let still = Self.results(Self.timeline([(12, [Self.open])]))[2]
        #expect(still == #"FAIL CircuitBreakerOpen{breaker="product"} still fires"#)
        #expect(!Self.expected.areOver(Self.timeline([(12, [Self.open])])))
        #expect(Self.expected.areOver(Self.timeline([(12, [Self.open]), (13, [])])))
    }

    @Test("An alert that comes twice is two episodes, and one of before the fault proves nothing")
    func episodes() {
        let timeline = Self.timeline([(8, [Self.open]), (9, []), (12, [Self.open]), (14, [])])
        #expect(timeline.episodes.filter { $0.name == "CircuitBreakerOpen" }.map(\.begin) == [8, 12])
        #expect(Self.results(timeline)[0] == "ok after 2 s")
        let early = Self.timeline([(8, [Self.open]), (12, [])])
        #expect(Self.results(early)[0] == "FAIL it never fired")
    }

    @Test("Alertmanager's answers are read, and what is none is told from silence")
    func parsing() {
        let answer = """
            [{"labels":{"alertname":"A","service":"order"},"status":{"state":"suppressed","inhibitedBy":["x"]}},
             {"labels":{"alertname":"B"},"status":{"state":"active"}}]
            """
        let alerts = AlertWatch.alerts(in: Array(answer.utf8))
        #expect(alerts?.map(\.name) == ["A", "B"])
        #expect(alerts?.map(\.isSuppressed) == [true, false])
        #expect(AlertWatch.alerts(in: Array("[]".utf8)) == [])
        #expect(AlertWatch.alerts(in: Array("{}".utf8)) == nil)
        #expect(AlertWatch.alerts(in: Array("nonsense".utf8)) == nil)
    }

    @Test("The matrix has a row for each fault that speaks of alerts, and one for each alert")
    func matrix() throws {
        let text = """
            {"name": "product-killed", "title": "X", "description": "D", "seed": 7, "load": {},
             "steady": {"seconds": 1, "probes": [{"that": "errors", "at_most": 0}]},
             "method": [{"at": 0, "action": "kill", "process": "product"}], "fault_seconds": 10, "expect": [],
             "recovery": {"within_seconds": 2},
             "alerts": {"must": [{"alert": "CircuitBreakerOpen", "labels": {"breaker": "product"}, "within_seconds": 5}],
              "may": ["HighLatency"], "resolve_within_seconds": 10}}
            """
        let experiment = try Experiment(parsing: Array(text.utf8))
        #expect(experiment.alerts == Self.expected)
        var record = RunRecord()
        record.phases[.fault] = Self.fault
        record.alerts = Self.timeline([(13, [Self.open, Self.alert("HighLatency")]), (24, [])])
        let report = RunReport(experiment: experiment, target: "", ending: .complete, findings: [], record: record)
        let markdown = AlertMatrix([report]).markdown()
        #expect(
            markdown.contains(
                #"| `product-killed` | `CircuitBreakerOpen{breaker="product"}`: 3 s (≤ 5 s) | `HighLatency` | 4 s | passed |"#
            ))
        #expect(markdown.contains("| `HighLatency` | `product-killed` |"))
        #expect(!markdown.contains("Watchdog"))
    }

    @Test("A misspelt field of the alerts is named")
    func mistakes() {
        let text = """
            {"name": "x", "title": "X", "description": "D", "seed": 7, "load": {},
             "steady": {"seconds": 1, "probes": [{"that": "errors", "at_most": 0}]},
             "method": [{"at": 0, "action": "kill", "process": "product"}], "fault_seconds": 10, "expect": [],
             "recovery": {"within_seconds": 2}, "alerts": {"must": [{"alert": "A", "within": 5}]}}
            """
        let error = #expect(throws: ExperimentError.self) { try Experiment(parsing: Array(text.utf8)) }
        #expect(error?.mistakes.contains("alerts.must[0].within: is not known here") == true)
    }
}
