/// What every span of one `Telemetry` shares: clock, sampler, limits and where finished spans go.
///
/// One lives as long as the process. Spans point at it without counting references, because a count that all threads
/// share would cost more than all the rest of a span.
final class SpanRecorder: Sendable {
    /// What a recorder is made from.
    struct Parts {
        var clock: TelemetryClock
        var sampler: Sampler
        var limits: SpanLimits
        var destination: SpanDestination
        var isEnabled: Bool
        var metrics: MetricRegistry
        var costs: TelemetryCosts
        var exceptionLog: Logger
        var recordsExceptionEvents: Bool
        var tail: TailKeeper?
    }

    let clock: TelemetryClock
    private let sampling: SamplingRule
    let limits: SpanLimits
    private let destination: SpanDestination
    /// False under `OTEL_SDK_DISABLED`: contexts still pass through, nothing is recorded.
    let isEnabled: Bool
    let exceptionLog: Logger
    /// Whether errors become span events besides log records.
    let recordsExceptionEvents: Bool
    let tail: TailKeeper?
    private let costs: TelemetryCosts
    private let started: Counter<LabelPair<SpanParentOrigin, SpanSamplingResult>>
    private let live: UpDownCounterSeries

    init(_ parts: Parts) {
        self.clock = parts.clock
        self.sampling = SamplingRule(parts.sampler)
        self.limits = parts.limits
        self.destination = parts.destination
        self.isEnabled = parts.isEnabled
        self.exceptionLog = parts.exceptionLog
        self.recordsExceptionEvents = parts.recordsExceptionEvents
        self.tail = parts.tail
        self.costs = parts.costs
        self.started = parts.metrics.counter(SpanMetrics.started)
        self.live = parts.metrics.upDownCounter(SpanMetrics.live).series(.recordAndSample)
        _ = Unmanaged.passRetained(self)
    }

    /// - Parameter local: The span whose trace this one belongs to in this process; nil where it is a local root.
    func start(
        _ name: String, kind: SpanKind, parent: SpanContext?, local: ActiveSpan?, attributes: [Attribute],
        links: [SpanLink], startNanoseconds: UInt64?
    ) -> ActiveSpan {
        guard self.isEnabled else { return self.passThrough(parent) }
        let spanID = SpanID.random()
        let isTimed = TelemetryCosts.isSampled(spanID.rawValue)
        let begun = isTimed ? self.clock.monotonicNanoseconds() : 0
        let parent = parent.flatMap { $0.isValid ? $0 : nil }
        let traceID = parent?.traceID ?? .random()
        let isSampled = self.sampling.isSampled(traceID: traceID, parent: parent)
        var flags: TraceFlags = parent.map { $0.flags.intersection(.random) } ?? .random
        if isSampled { flags.insert(.sampled) }
        let context = SpanContext(
            traceID: traceID, spanID: spanID, flags: flags, traceState: parent?.traceState ?? .empty)
        let origin: SpanParentOrigin = parent.map { $0.isRemote ? .remote : .local } ?? .none
        guard isSampled else {
            self.started.add(1, LabelPair(origin, .drop))
            return ActiveSpan(context)
        }
        self.started.add(1, LabelPair(origin, .recordAndSample))
        self.live.add(1)
        let span = RecordingSpan(
            context, parent: parent, name: name, kind: kind, attributes: attributes,
            startNanoseconds: startNanoseconds ?? self.clock.monotonicNanoseconds(), recorder: self,
            tail: self.tailTrace(local))
        for link in links { span.addLink(link.context, link.attributes) }
        if isTimed { self.costs.recorded(nanoseconds: self.clock.monotonicNanoseconds() &- begun) }
        return span
    }

    /// A span has ended for the first time.
    @inline(__always)
    func ended(_ span: RecordingSpan, isError: Bool, nanoseconds: UInt64) {
        self.live.add(-1)
        guard let tail, let trace = span.tail else { return self.destination.accept(span) }
        tail.ended(
            span, in: trace.holder, isRoot: trace.isRoot, isError: isError, nanoseconds: nanoseconds
        ) { self.destination.accept($0) }
    }

    private func tailTrace(_ local: ActiveSpan?) -> RecordingSpan.Tail? {
        guard self.tail != nil else { return nil }
        if let holder = local?.tailHolder { return .init(holder: holder, isRoot: false) }
        return .init(holder: TailTraceHolder(), isRoot: true)
    }

    /// A span that records nothing and hands its parent's context on.
    func passThrough(_ parent: SpanContext?) -> ActiveSpan {
        ActiveSpan(parent ?? SpanContext(traceID: .invalid, spanID: .invalid))
    }
}
