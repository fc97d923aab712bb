import Testing

@testable import Chaos

@Suite("Assertions against what was seen")
struct AssertionTests {
    private static let gateway = BreakerName(service: "gateway", breaker: "product")
    private static let query = MetricQuery(service: "product", metric: "calls_total")

    /// Steady from 0 to 4, fault from 4 to 10, recovery from 10 to 14; ten requests a second.
    private static func record(
        isError: (Double) -> Bool = { $0 >= 4 && $0 < 10 }, hasRetryAfter: Bool = true
    ) -> RunRecord {
        var record = RunRecord()
        record.phases = [
            .steady: .init(begin: 0, end: 4), .fault: .init(begin: 4, end: 10), .recovery: .init(begin: 10, end: 14),
            .run: .init(begin: 0, end: 14),
        ]
        for index in 0..<140 {
            let at = Double(index) / 10
            record.append(
                RequestOutcome(
                    at: at, step: index.isMultiple(of: 2) ? "browse" : "keys", status: isError(at) ? 503 : 200,
                    seconds: isError(at) ? 0.002 : 0.05, hasRetryAfter: isError(at) && hasRetryAfter,
                    isStale: at >= 10 && at < 12))
        }
        return record
    }

    private func passes(_ claim: Assertion.Claim, _ window: Assertion.Window, _ record: RunRecord) -> Bool {
        Assertion(claim: claim, window: window, says: nil).evaluate(record).passed
    }

    /// In the fault's phase.
    private func passes(_ claim: Assertion.Claim, _ record: RunRecord) -> Bool {
        self.passes(claim, .init(.fault), record)
    }

    @Test("The share of errors is that of the window")
    func errors() {
        let record = Self.record()
        #expect(self.passes(.errors(steps: [], .init(atMost: 0)), .init(.steady), record))
        #expect(!self.passes(.errors(steps: [], .init(atMost: 0.99)), record))
        #expect(self.passes(.errors(steps: ["browse"], .init(atLeast: 1)), record))
        #expect(
            self.passes(
                .errors(steps: [], .init(atLeast: 0.5, atMost: 0.5)), .init(.fault, from: 3), Self.record { $0 < 8.5 }))
        #expect(
            self.passes(
                .errors(steps: [], .init(atMost: 0)), .init(.fault, from: 2, to: 4), Self.record { $0 < 6 || $0 >= 8 }))
    }

    @Test("A claim about requests that were never made fails")
    func silence() {
        let record = Self.record()
        for claim: Assertion.Claim in [
            .errors(steps: ["checkout"], .init(atMost: 1)),
            .latency(steps: ["checkout"], quantile: 0.5, .init(atMost: 9)),
            .answers(steps: ["checkout"], status: [.init("2xx")!], .init(atMost: 1)),
            .metric(Self.query, .value, .init(atMost: 1)), .rateRatio(Self.query, .init(atMost: 1)),
            .breakerOpens(Self.gateway, withinSeconds: 9), .breakerCloses(Self.gateway, withinSeconds: 9),
        ] {
            #expect(!self.passes(claim, record), "\(claim)")
        }
        #expect(!self.passes(.errors(steps: [], .init(atMost: 1)), .init(.fault), RunRecord()))
    }

    @Test("Quantiles, statuses, Retry-After and staleness are read from the answers")
    func answers() throws {
        let record = Self.record()
        let refused = try #require(Assertion.StatusPattern("503"))
        let good = try #require(Assertion.StatusPattern("2xx"))
        #expect(self.passes(.answers(steps: ["keys"], status: [refused], .init(atLeast: 1)), record))
        #expect(self.passes(.answers(steps: [], status: [refused, good], .init(atLeast: 1)), .init(.run), record))
        #expect(self.passes(.latency(steps: [], quantile: 0.99, .init(atMost: 2)), record))
        #expect(!self.passes(.latency(steps: [], quantile: 0.99, .init(atMost: 2)), .init(.run), record))
        #expect(self.passes(.retryAfter(steps: [], .init(atLeast: 1)), record))
        #expect(!self.passes(.retryAfter(steps: [], .init(atLeast: 1)), Self.record(hasRetryAfter: false)))
        #expect(self.passes(.retryAfter(steps: [], .init(atLeast: 1)), .init(.steady), record))
        #expect(self.passes(.stale(steps: [], .init(atLeast: 0.5, atMost: 0.5)), .init(.recovery), record))
    }

    @Test(
        "A quantile is the smallest value that so many do not exceed",
        arguments: [
            (0.01, 1.0), (0.5, 50), (0.99, 99), (1, 100),
        ])
    func quantile(share: Double, expected: Double) {
        #expect((1...100).map(Double.init).shuffled().quantile(share) == expected)
    }

    @Test("A counter's rise sees through a restart of its process, and sums over processes")
    func counters() {
        var record = Self.record()
        for (at, value) in [(4.0, 100.0), (6, 130), (7, 5), (9, 15)] {
            record.sample(Self.query, process: "product", at: at, value: value)
        }
        record.sample(Self.query, process: "product-2", at: 4, value: 7)
        record.sample(Self.query, process: "product-2", at: 9, value: 8)
        // 30 before the restart, 5 that came with it, 10 after, and 1 of the other.
        #expect(self.passes(.metric(Self.query, .delta, .init(atLeast: 46, atMost: 46)), record))
        #expect(self.passes(.metric(Self.query, .rate, .init(atLeast: 9.2, atMost: 9.2)), record))
        #expect(self.passes(.metric(Self.query, .value, .init(atLeast: 23, atMost: 23)), record))
        #expect(self.passes(.metric(Self.query, .max, .init(atLeast: 138, atMost: 138)), record))
        #expect(self.passes(.metric(Self.query, .min, .init(atLeast: 12, atMost: 12)), record))
    }

    @Test("A rate is compared with that of the steady state")
    func ratio() {
        var record = Self.record()
        for second in 0...10 {
            let value = second <= 4 ? Double(second) * 10 : 40 + Double(second - 4) * 13
            record.sample(Self.query, process: "product", at: Double(second), value: value)
        }
        #expect(self.passes(.rateRatio(Self.query, .init(atMost: 1.3)), record))
        #expect(!self.passes(.rateRatio(Self.query, .init(atMost: 1.2)), record))
    }

    @Test("A breaker must open after the begin of the fault, in time")
    func opens() {
        var record = Self.record()
        record.sawBreaker(Self.gateway, process: "gateway", state: "closed", at: 0)
        record.sawBreaker(Self.gateway, process: "gateway", state: "open", at: 5.5)
        #expect(self.passes(.breakerOpens(Self.gateway, withinSeconds: 1.5), record))
        #expect(!self.passes(.breakerOpens(Self.gateway, withinSeconds: 1.4), record))
        #expect(!self.passes(.breakerCloses(Self.gateway, withinSeconds: 100), record))
        record.sawBreaker(Self.gateway, process: "gateway", state: "half_open", at: 10.5)
        record.sawBreaker(Self.gateway, process: "gateway", state: "closed", at: 11)
        #expect(self.passes(.breakerCloses(Self.gateway, withinSeconds: 1), record))
        #expect(!self.passes(.breakerCloses(Self.gateway, withinSeconds: 0.9), record))
    }

    @Test("A breaker that never opened has not closed either")
    func neverOpened() {
        var record = Self.record()
        record.sawBreaker(Self.gateway, process: "gateway", state: "closed", at: 0)
        #expect(!self.passes(.breakerOpens(Self.gateway, withinSeconds: 100), record))
        #expect(!self.passes(.breakerCloses(Self.gateway, withinSeconds: 100), record))
    }

    @Test("Outcomes beyond the bound are counted and not kept")
    func bound() {
        var record = RunRecord()
        for _ in 0..<RunRecord.outcomesMax + 3 {
            record.append(RequestOutcome(at: 0, step: "a", status: 200, seconds: 0))
        }
        #expect(record.outcomes.count == RunRecord.outcomesMax)
        #expect(record.outcomesDropped == 3)
    }

    @Test("A finding says what was claimed, with its bound, and what was measured")
    func wording() {
        let finding = Assertion(
            claim: .errors(steps: ["browse", "keys"], .init(atMost: 0.02)), window: .init(.fault, from: 2),
            says: "All is well"
        ).evaluate(Self.record())
        #expect(finding.claim == "All is well (errors of browse, keys ≤ 2 %), fault from 2 s on")
        #expect(finding.measured == "100 % (40 of 40)")
    }
}

@Suite("Scrapes")
struct MetricScrapeTests {
    private static let text = """
        # HELP calls_total Calls.
        # TYPE calls_total counter
        calls_total{outcome="ok",peer="a\\"b\\\\c,d}"} 3
        calls_total{outcome="failed",peer="x"} 4 # {trace_id="abc"} 1
        calls_total_created 7
        up 1
        nothing{a="b"
        bad{a="b"} x
        inf_total +Inf

        """

    @Test("Wanted samples are read, labels unescaped, and nothing else is")
    func samples() {
        let scrape = MetricScrape(
            parsing: Array(Self.text.utf8), names: ["calls_total", "nothing", "bad", "inf_total"])
        #expect(scrape.samples.count == 3)
        #expect(scrape.samples[0].labels == ["outcome": "ok", "peer": "a\"b\\c,d}"])
        #expect(scrape.sum("calls_total", [:]) == 7)
        #expect(scrape.sum("calls_total", ["outcome": "failed"]) == 4)
        #expect(scrape.sum("calls_total", ["outcome": "other"]) == nil)
        #expect(scrape.sum("up", [:]) == nil)
        #expect(scrape.sum("inf_total", [:]) == .infinity)
    }

    @Test("A scrape cut off anywhere is read without harm")
    func truncated() {
        let bytes = Array(Self.text.utf8)
        for end in bytes.indices {
            let scrape = MetricScrape(parsing: Array(bytes[..<end]), names: ["calls_total"])
            #expect(scrape.samples.count <= 2)
        }
    }
}
