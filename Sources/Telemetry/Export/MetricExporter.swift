import Synchronization

/// Whether a pushed point tells everything since the start or what was added since the last push:
/// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
public enum MetricTemporality: String, Sendable, Hashable {
    /// Totals since the start; the default. A lost push costs a moment, not a count.
    case cumulative
    /// Differences, for counters and histograms.
    case delta
}

/// When and how metrics are pushed: `OTEL_METRIC_EXPORT_*`.
public struct MetricPushSettings: Sendable, Hashable {
    /// `OTEL_METRIC_EXPORT_INTERVAL`: from one push to the next; 60 s.
    public var interval: Duration = .seconds(60)
    /// `OTEL_METRIC_EXPORT_TIMEOUT`: longest a push is tried for; 30 s.
    public var timeout: Duration = .seconds(30)
    /// Totals, or what was added since the last push.
    public var temporality = MetricTemporality.cumulative

    public init() {}
}

/// Pushes every series over OTLP, again and again: the periodic exporting reader of the specification.
///
/// There is no spool: the next push tells the same and more.
final class MetricExporter: Sendable {
    private let metrics: MetricRegistry
    private let settings: MetricPushSettings
    private let encoder: OTLPMetricEncoder
    private let deliverer: Deliverer
    private let timer: ExportTimer
    private let costs: TelemetryCosts
    private let startUnixNanoseconds: UInt64
    private let deltas = Mutex(DeltaState())

    init(
        metrics: MetricRegistry, settings: MetricPushSettings, encoder: OTLPMetricEncoder, deliverer: Deliverer,
        timer: ExportTimer, costs: TelemetryCosts
    ) {
        self.metrics = metrics
        self.settings = settings
        self.encoder = encoder
        self.deliverer = deliverer
        self.timer = timer
        self.costs = costs
        self.startUnixNanoseconds = metrics.now()
    }

    /// Pushes at each interval until the task is cancelled.
    func run(on executor: (any TaskExecutor)?) async {
        self.deliverer.prefer(executor)
        while !Task.isCancelled {
            do { try await self.timer.sleep(self.settings.interval) } catch { return }
            self.push()
        }
    }

    func drain(timeout: Duration) async {
        self.push()
        await self.deliverer.drain(timeout: timeout)
    }

    /// The last push, behind the one that may be under way.
    func stop(timeout: Duration) async {
        if !self.deliverer.queue.isEmpty { await self.deliverer.drain(timeout: timeout / 2) }
        self.push()
        await self.deliverer.stop(timeout: timeout)
    }

    private func push() {
        // The last push is still being tried: another would only wait behind it.
        guard self.deliverer.queue.isEmpty else { return }
        self.costs.exporting {
            var snapshot = self.metrics.snapshot(startUnixNanoseconds: self.startUnixNanoseconds)
            if self.settings.temporality == .delta { snapshot = self.deltas.withLock { $0.difference(snapshot) } }
            guard snapshot.pointCount > 0 else { return }
            self.deliverer.deliver(self.encoder.encode(snapshot), count: snapshot.pointCount)
        }
    }
}
