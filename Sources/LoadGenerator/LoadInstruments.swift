import Telemetry

/// What a run tells a scraper while it goes on. Every series is there from the start, and recording waits for nobody.
struct LoadInstruments: Sendable {
    private let requests: Counter<LabelPair<LoadStep, LoadOutcome.Kind>>
    private let requestDuration: Histogram<LoadStep>
    private let serviceDuration: Histogram<LoadStep>
    private let journeys: Counter<LabelPair<JourneyKind, LoadMetrics.JourneyOutcome>>
    private let arrivals: Counter<NoLabels>
    private let arrivalLag: Histogram<NoLabels>

    init(_ metrics: MetricRegistry) {
        self.requests = metrics.counter(LoadMetrics.requests)
        self.requestDuration = metrics.histogram(LoadMetrics.requestDuration)
        self.serviceDuration = metrics.histogram(LoadMetrics.serviceDuration)
        self.journeys = metrics.counter(LoadMetrics.journeys)
        self.arrivals = metrics.counter(LoadMetrics.arrivals)
        self.arrivalLag = metrics.histogram(LoadMetrics.arrivalLag)
    }

    /// - Parameter context: the trace that the request began; an exemplar leads to it.
    func requestEnded(_ record: LoadRecord, in context: SpanContext) {
        self.requests.add(1, LabelPair(record.step, record.outcome.kind), in: context)
        self.requestDuration.record(nanoseconds: record.ended &- record.due, record.step, in: context)
        guard let sent = record.sent else { return }
        self.serviceDuration.record(nanoseconds: record.ended &- sent, record.step, in: context)
    }

    func arrived() { self.arrivals.add() }

    /// - Parameter lag: nanoseconds since it was due.
    func journeyBegan(lag: UInt64) { self.arrivalLag.record(nanoseconds: lag) }

    func journeyEnded(_ kind: JourneyKind, _ outcome: LoadMetrics.JourneyOutcome) {
        self.journeys.add(1, LabelPair(kind, outcome))
    }
}
