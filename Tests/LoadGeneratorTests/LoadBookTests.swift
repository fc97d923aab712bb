import Testing

@testable import LoadGenerator

@Suite("The book of a run")
struct LoadBookTests {
    private func record(
        _ step: LoadStep = .search, _ outcome: LoadOutcome = .succeeded(status: 200), at second: Double,
        tookMilliseconds: Double = 1
    ) -> LoadRecord {
        let ended = UInt64(second * 1e9)
        let due = ended &- UInt64(tookMilliseconds * 1e6)
        return LoadRecord(step: step, outcome: outcome, due: due, sent: due, ended: ended, traceID: "t")
    }

    @Test("A sample keeps step, outcome and bucket, whichever they are")
    func samples() {
        var outcomes: [LoadOutcome] = [
            .succeeded(status: 200), .degraded(status: 206), .failed(status: 599), .failed(status: 999),
        ]
        outcomes += LoadOutcome.Refusal.allCases.map { .refused($0) }
        outcomes += LoadOutcome.Reason.allCases.map { .unanswered($0) }
        for step in LoadStep.allCases {
            for outcome in outcomes {
                for bucket in [0, 1, LatencyHistogram.bucketCount - 1] {
                    let sample = LoadSample(step, outcome, bucket: bucket)
                    #expect(sample.step == step)
                    #expect(sample.outcome == outcome)
                    #expect(sample.bucket == bucket)
                }
            }
        }
    }

    @Test("A window holds what ended in its seconds, and nothing else")
    func windows() {
        var book = LoadBook(secondsKept: 10)
        book.end(self.record(at: 0.9))
        book.end(self.record(.getProduct, at: 1.0))
        book.end(self.record(.getProduct, .failed(status: 503), at: 1.99, tookMilliseconds: 700))
        book.end(self.record(at: 2.0))
        let window = book.window(1..<2, now: 2, failuresMax: 20)
        #expect(window.total.requests == 2)
        #expect(window.steps[.getProduct]?.outcomes == [.succeeded(status: 200): 1, .failed(status: 503): 1])
        #expect(window.failures.map(\.outcome) == [.failed(status: 503)])
        let most = window.total.latency.max / .milliseconds(1)
        #expect(abs(most - 700) < 7)
        #expect(!window.isPartial)
        #expect(book.total.requests == 4)
    }

    @Test("Seconds that are too old are forgotten, the sums are not, and the window says so")
    func forgetting() {
        var book = LoadBook(secondsKept: 3)
        for second in 0..<5 { book.end(self.record(at: Double(second) + 0.5)) }
        let all = book.window(0..<5, now: 4, failuresMax: 20)
        #expect(all.total.requests == 3)
        #expect(all.isPartial)
        #expect(!book.window(2..<5, now: 4, failuresMax: 20).isPartial)
        #expect(book.total.requests == 5)
    }

    @Test("A second keeps so many requests and failures, and counts the rest")
    func bounds() {
        var book = LoadBook(secondsKept: 2)
        let extra = 7
        for _ in 0..<(LoadBook.samplesPerSecondMax + extra) {
            book.end(self.record(.search, .failed(status: 500), at: 0.5))
        }
        let window = book.window(0..<1, now: 1, failuresMax: 100)
        #expect(window.total.requests == LoadBook.samplesPerSecondMax)
        #expect(window.unlisted == extra)
        #expect(window.failures.count == LoadBook.failuresPerSecondMax)
        #expect(book.failures.count == LoadBook.failuresMax)
        #expect(book.total.requests == LoadBook.samplesPerSecondMax + extra)
    }
}
