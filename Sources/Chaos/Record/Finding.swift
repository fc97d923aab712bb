/// What an assertion came to.
public struct Finding: Sendable, Hashable {
    /// What was asserted, with its bound.
    public let claim: String
    /// What was found.
    public let measured: String
    public let passed: Bool

    public init(claim: String, measured: String, passed: Bool) {
        self.claim = claim
        self.measured = measured
        self.passed = passed
    }
}

extension Assertion {
    /// Compares the claim with what was seen. Where nothing was seen the assertion fails: silence proves nothing.
    ///
    /// - Parameter span: looked at in place of the window, by steady probes that are asked again and again.
    public func evaluate(_ record: RunRecord, over span: RunRecord.Span? = nil) -> Finding {
        let where_ = span == nil ? self.window.summary : ""
        guard let span = span ?? record.span(of: self.window) else {
            return Finding(claim: self.text + where_, measured: "the phase never began", passed: false)
        }
        let measurement = self.measure(record, span)
        return Finding(claim: self.text + where_, measured: measurement.text, passed: measurement.passed)
    }

    private var text: String { self.says.map { "\($0) (\(self.claim.summary))" } ?? self.claim.summary }

    private typealias Measurement = (text: String, passed: Bool)

    private func measure(_ record: RunRecord, _ span: RunRecord.Span) -> Measurement {
        switch self.claim {
        case .answers(let steps, let status, let bounds):
            return self.share(record.outcomes(in: span, steps: steps), bounds) { outcome in
                status.contains { $0.matches(outcome.status) }
            }
        case .errors(let steps, let bounds):
            return self.share(record.outcomes(in: span, steps: steps), bounds, \.isError)
        case .retryAfter(let steps, let bounds):
            let refused = record.outcomes(in: span, steps: steps).filter { $0.status == 503 }
            // Of all that were refused something is claimed: where nobody was, it is true.
            if refused.isEmpty { return ("no answer was 503", true) }
            return self.share(refused, bounds, \.hasRetryAfter)
        case .stale(let steps, let bounds):
            let good = record.outcomes(in: span, steps: steps).filter { (200..<300).contains($0.status) }
            return self.share(good, bounds, none: "no answer was 2xx", \.isStale)
        case .latency(let steps, let quantile, let bounds):
            return self.latency(record.outcomes(in: span, steps: steps), quantile, bounds)
        case .metric(let query, let reduction, let bounds):
            guard let value = record.tracks[query]?.reduced(reduction, in: span) else {
                return ("no such series", false)
            }
            return (value.rounded(decimals: 3), bounds.admits(value))
        case .rateRatio(let query, let bounds):
            return self.rateRatio(record, query, span, bounds)
        case .breakerOpens(let name, let limit):
            return self.breakerOpens(record, name, within: limit)
        case .breakerCloses(let name, let limit):
            return self.breakerCloses(record, name, within: limit)
        }
    }

    // MARK: Load

    private func share(
        _ outcomes: [RequestOutcome], _ bounds: Bounds, none: String = "no request", _ isMeant: (RequestOutcome) -> Bool
    ) -> Measurement {
        guard !outcomes.isEmpty else { return (none, false) }
        let count = outcomes.count(where: isMeant)
        let share = Double(count) / Double(outcomes.count)
        return ("\(share.percent) (\(count) of \(outcomes.count))", bounds.admits(share))
    }

    private func latency(_ outcomes: [RequestOutcome], _ quantile: Double, _ bounds: Bounds) -> Measurement {
        guard let seconds = outcomes.map(\.seconds).quantile(quantile) else { return ("no request", false) }
        let milliseconds = seconds * 1_000
        return ("\(milliseconds.rounded(decimals: 1)) ms", bounds.admits(milliseconds))
    }

    // MARK: Metrics

    private func rateRatio(
        _ record: RunRecord, _ query: MetricQuery, _ span: RunRecord.Span, _ bounds: Bounds
    ) -> Measurement {
        guard let steady = record.span(of: Window(.steady)), let track = record.tracks[query],
            let before = track.reduced(.rate, in: steady), let meanwhile = track.reduced(.rate, in: span)
        else { return ("no such series", false) }
        let rates = "\(meanwhile.rounded(decimals: 1)) /s after \(before.rounded(decimals: 1)) /s"
        guard before > 0 else { return ("nothing to compare with: \(rates)", false) }
        let ratio = meanwhile / before
        return ("\(ratio.rounded(decimals: 2)) times (\(rates))", bounds.admits(ratio))
    }

    // MARK: Breakers

    private func breakerOpens(_ record: RunRecord, _ name: BreakerName, within limit: Double) -> Measurement {
        guard let fault = record.phases[.fault] else { return ("there was no fault", false) }
        let changes = record.breakerChanges.filter { $0.name == name }
        guard !changes.isEmpty else { return ("no such breaker", false) }
        guard let opening = changes.first(where: { $0.to == "open" && $0.at >= fault.begin }) else {
            return ("it never opened", false)
        }
        let delay = opening.at - fault.begin
        return ("after \(delay.rounded(decimals: 2)) s", delay <= limit)
    }

    private func breakerCloses(_ record: RunRecord, _ name: BreakerName, within limit: Double) -> Measurement {
        guard let fault = record.phases[.fault], fault.end.isFinite else { return ("the fault never ended", false) }
        let changes = record.breakerChanges.filter { $0.name == name }
        guard !changes.isEmpty else { return ("no such breaker", false) }
        let states = record.states(of: name)
        guard states.allSatisfy({ $0 == "closed" }) else {
            return ("it is \(states.first { $0 != "closed" } ?? "")", false)
        }
        guard changes.contains(where: { $0.to != "closed" }) else { return ("it was closed throughout", false) }
        let last = changes.last { $0.to == "closed" }?.at ?? fault.end
        let delay = max(0, last - fault.end)
        return ("after \(delay.rounded(decimals: 2)) s", delay <= limit)
    }
}

extension [Double] {
    /// The smallest value that at least this share of all does not exceed; nil without any.
    func quantile(_ share: Double) -> Double? {
        guard !self.isEmpty else { return nil }
        let rank = Int((share * Double(self.count)).rounded(.up))
        return self.sorted()[Swift.max(0, Swift.min(self.count, rank) - 1)]
    }
}

extension Double {
    /// A share as a person reads it: `99.2 %`.
    var percent: String { "\((self * 100).rounded(decimals: 1)) %" }
}
