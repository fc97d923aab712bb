import Telemetry

/// What the receiver counts.
struct ReceiverInstruments: Sendable {
    private let requests: Counter<LabelTriple<ReceivedSignal, ReceiverMetrics.Encoding, ReceiverMetrics.Outcome>>
    private let accepted: Counter<ReceivedSignal>
    private let refused: Counter<LabelPair<ReceivedSignal, OTLPRefusal>>
    private let cut: Counter<LabelPair<ReceivedSignal, OTLPCut>>

    init(_ registry: MetricRegistry) {
        self.requests = registry.counter(ReceiverMetrics.requests)
        self.accepted = registry.counter(ReceiverMetrics.accepted)
        self.refused = registry.counter(ReceiverMetrics.refused)
        self.cut = registry.counter(ReceiverMetrics.cut)
    }

    func request(_ signal: ReceivedSignal, _ encoding: OTLPEncoding?, _ outcome: ReceiverMetrics.Outcome) {
        self.requests.add(1, LabelTriple(signal, ReceiverMetrics.Encoding(encoding), outcome))
    }

    func items(_ signal: ReceivedSignal, accepted: Int, _ intake: OTLPIntake) {
        self.accepted.add(accepted, signal)
        for (reason, count) in intake.refused { self.refused.add(count, LabelPair(signal, reason)) }
        for (part, count) in intake.cut { self.cut.add(count, LabelPair(signal, part)) }
    }
}
