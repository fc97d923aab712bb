import CSystem
import Synchronization
import Telemetry

/// All that a console holds: what comes in goes here, and what is asked is answered from here.
public final class TelemetryStore: TelemetrySink {
    struct State: Sendable {
        var traces: TraceStore
        var logs: LogStore
        var metrics = MetricStore()
    }

    private let state: Mutex<State>
    let limits: StoreLimits
    let feed: LiveFeed
    private let now: @Sendable () -> UInt64

    public convenience init(_ limits: StoreLimits) {
        self.init(limits) { UInt64(vitrine_realtime_nanoseconds()) }
    }

    /// - Parameter now: nanoseconds since 1970.
    public init(_ limits: StoreLimits, now: @escaping @Sendable () -> UInt64) {
        self.limits = limits
        self.now = now
        self.state = Mutex(State(traces: TraceStore(limits), logs: LogStore(limits)))
        self.feed = LiveFeed()
    }

    // MARK: Taking

    public func take(_ spans: [ReceivedSpan]) -> Admission {
        let now = self.now()
        self.state.withLock { state in
            for span in spans { state.traces.add(span, at: now) }
        }
        return .all
    }

    public func take(_ logs: [ReceivedLog]) -> Admission {
        let hasReaders = self.feed.wantsLogs
        self.state.withLock { state in
            for log in logs {
                // One set of tables for both: names and keys are the same.
                let stored = state.traces.withTables { state.logs.add(log, &$0) }
                if hasReaders { self.feed.tell(stored, state.traces.tables) }
            }
        }
        return .all
    }

    public func take(_ metrics: [ReceivedMetric]) -> Admission {
        let refused = self.state.withLock { state in
            metrics.reduce(0) { $0 + (state.metrics.take($1, seriesMax: self.limits.metricsMax) ? 0 : 1) }
        }
        return refused == 0
            ? .all : Admission(refused: refused, reason: "more than \(self.limits.metricsMax) series are not kept")
    }

    // MARK: Asking

    /// Answers a question from what is held; short ones, for everything waits meanwhile.
    func read<Answer>(_ body: (State) -> sending Answer) -> sending Answer { self.state.withLock { body($0) } }

    func overview(window: Double) -> Overview {
        let now = self.now()
        return self.state.withLock { Overview($0.traces, now: now, window: window) }
    }

    /// Traces that have changed and rested for half a second since they were last told of.
    func takeChanged(atMost count: Int) -> [TraceSummary] {
        let now = self.now()
        return self.state.withLock { state in
            let traces = state.traces.takeChanged(restingSince: now - min(now, 500_000_000), atMost: count)
            return traces.map { state.traces.summary($0) }
        }
    }

    /// Nobody listens, so nobody is to be told of what has changed so far.
    func forgetChanged() { self.state.withLock { $0.traces.forgetChanged() } }

    var milliseconds: Int { Int(self.now() / 1_000_000) }

    /// Ends the live feeds, which would keep their connections from draining.
    func close() { self.feed.close() }

    /// Registers what is held, and what gave way.
    func register(_ registry: MetricRegistry) {
        registry.observableGauge(ConsoleMetrics.kept) {
            self.state.withLock { state in
                [
                    (.traces, Double(state.traces.spanCount)), (.logs, Double(state.logs.count)),
                    (.metrics, Double(state.metrics.count)),
                ]
            }
        }
        registry.observableCounter(ConsoleMetrics.evicted) {
            self.state.withLock { state in
                [(.traces, Double(state.traces.evictedSpans)), (.logs, Double(state.logs.evicted)), (.metrics, 0)]
            }
        }
        registry.observableGauge(ConsoleMetrics.memory) {
            self.state.withLock { [(NoLabels(), Double($0.traces.bytes + $0.logs.bytes))] }
        }
        let limit = Double(self.limits.spanBytesMax + self.limits.logBytesMax)
        registry.observableGauge(ConsoleMetrics.memoryLimit) { [(NoLabels(), limit)] }
        registry.observableGauge(ConsoleMetrics.readers) { [(NoLabels(), Double(self.feed.readers))] }
        registry.observableCounter(ConsoleMetrics.lagged) { [(NoLabels(), Double(self.feed.lagged))] }
    }
}

/// Which series came in: enough to see that metrics arrive, and how many. Prometheus keeps the rest.
struct MetricStore: Sendable {
    /// A number for each, made of its name, service and attributes: they may be long.
    private var series: Set<Int> = []
    /// Of metrics, as many as there is room for in a list.
    private(set) var names: Set<String> = []

    private static let namesMax = 1_000

    var count: Int { self.series.count }

    /// - Returns: false where it is a new series and there is no room for one.
    mutating func take(_ metric: ReceivedMetric, seriesMax: Int) -> Bool {
        var hasher = Hasher()
        hasher.combine(metric.name)
        hasher.combine(metric.resource.service)
        hasher.combine(metric.attributes)
        let number = hasher.finalize()
        guard self.series.contains(number) || self.series.count < seriesMax else { return false }
        self.series.insert(number)
        if self.names.count < Self.namesMax, metric.name.utf8.count <= SharedTables.nameBytesMax {
            self.names.insert(metric.name)
        }
        return true
    }
}
