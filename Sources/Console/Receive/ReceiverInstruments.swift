import Telemetry

/// What the receiver counts.
struct ReceiverInstruments: Sendable {
    private let requests: Counter<LabelPair<ReceivedSignal, ConsoleMetrics.Outcome>>
    private let items: Counter<LabelPair<ReceivedSignal, ConsoleMetrics.Fate>>
    private let cutValues: Counter<NoLabels>

    init(_ registry: MetricRegistry) {
        self.requests = registry.counter(ConsoleMetrics.requests)
        self.items = registry.counter(ConsoleMetrics.items)
        self.cutValues = registry.counter(ConsoleMetrics.cut)
    }

    func request(_ signal: ReceivedSignal, _ outcome: ConsoleMetrics.Outcome) {
        self.requests.add(1, LabelPair(signal, outcome))
    }

    func items(_ signal: ReceivedSignal, taken: Int, refused: Int) {
        self.items.add(taken, LabelPair(signal, .taken))
        self.items.add(refused, LabelPair(signal, .refused))
    }

    func cut(_ count: Int) { self.cutValues.add(count) }
}
