/// Something that must be true of a span of the run.
public struct Assertion: Sendable {
    public let claim: Claim
    public let window: Window
    /// What it means, for a person; nil where the claim says enough.
    public let says: String?

    public enum Claim: Sendable {
        /// The share of answers whose status is one of these.
        case answers(steps: [String], status: [StatusPattern], Bounds)
        /// The share of requests without an answer, or with one from 500 on.
        case errors(steps: [String], Bounds)
        /// A quantile of the time an answer took, in milliseconds.
        case latency(steps: [String], quantile: Double, Bounds)
        /// The share of answers 503 that say when to come again.
        case retryAfter(steps: [String], Bounds)
        /// The share of answers 2xx that are marked as stale or degraded.
        case stale(steps: [String], Bounds)
        case metric(MetricQuery, Reduction, Bounds)
        /// The rate of a counter as a multiple of its rate in the steady state.
        case rateRatio(MetricQuery, Bounds)
        /// Within so many seconds of the begin of the fault.
        case breakerOpens(BreakerName, withinSeconds: Double)
        /// Within so many seconds of the end of the fault.
        case breakerCloses(BreakerName, withinSeconds: Double)
    }

    /// The word that tells a claim in an experiment's file.
    enum Kind: String, CaseIterable {
        case answers, errors, latency, stale, metric
        case retryAfter = "retry_after"
        case rateRatio = "rate_ratio"
        case breakerOpens = "breaker_opens"
        case breakerCloses = "breaker_closes"
    }

    /// What is made of a metric's samples in the window.
    public enum Reduction: String, Sendable, CaseIterable {
        /// The last sample.
        case value
        case max, min
        /// By how much a counter rose, restarts of its process seen through.
        case delta
        /// The rise for each second.
        case rate
    }

    public enum Phase: String, Sendable, CaseIterable {
        case steady, fault, recovery, run
    }

    /// A part of the run.
    public struct Window: Sendable, Hashable {
        public let phase: Phase
        /// Seconds after the begin of the phase.
        public let from: Double
        /// Seconds after the begin of the phase; nil for its end.
        public let to: Double?

        public init(_ phase: Phase, from: Double = 0, to: Double? = nil) {
            self.phase = phase
            self.from = from
            self.to = to
        }
    }

    /// What a measured value must lie between, both ends included.
    public struct Bounds: Sendable, Hashable {
        public let atLeast: Double?
        public let atMost: Double?

        public init(atLeast: Double? = nil, atMost: Double? = nil) {
            self.atLeast = atLeast
            self.atMost = atMost
        }

        func admits(_ value: Double) -> Bool {
            value >= self.atLeast ?? -.infinity && value <= self.atMost ?? .infinity
        }
    }

    /// A status code, or a hundred of them: `503`, `2xx`.
    public struct StatusPattern: Sendable, Hashable {
        public let text: String
        private let range: ClosedRange<Int>

        public init?(_ text: String) {
            self.text = text
            if let code = Int(text), (100...599).contains(code) {
                self.range = code...code
            } else if text.count == 3, text.hasSuffix("xx"), let first = text.first?.wholeNumberValue,
                (1...5).contains(first)
            {
                self.range = first * 100...first * 100 + 99
            } else {
                return nil
            }
        }

        func matches(_ status: Int) -> Bool { self.range.contains(status) }
    }

    /// The steps of the load that it speaks of; none for all of them, or where it speaks of none.
    public var steps: [String] {
        switch self.claim {
        case .answers(let steps, _, _), .errors(let steps, _), .latency(let steps, _, _), .retryAfter(let steps, _),
            .stale(let steps, _):
            steps
        default: []
        }
    }

    var metric: MetricQuery? {
        switch self.claim {
        case .metric(let query, _, _), .rateRatio(let query, _): query
        default: nil
        }
    }
}
