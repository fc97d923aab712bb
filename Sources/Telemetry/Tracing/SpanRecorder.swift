/// What every span of one `Telemetry` shares: clock, sampler, limits and where finished spans go.
///
/// One lives as long as the process. Spans point at it without counting references, because a count that all threads
/// share would cost more than all the rest of a span.
final class SpanRecorder: Sendable {
    let clock: TelemetryClock
    let sampler: Sampler
    let limits: SpanLimits
    let destination: SpanDestination
    /// False under `OTEL_SDK_DISABLED`: contexts still pass through, nothing is recorded.
    let isEnabled: Bool
    let started: Counter<LabelPair<SpanParentOrigin, SpanSamplingResult>>

    init(
        clock: TelemetryClock, sampler: Sampler, limits: SpanLimits, destination: SpanDestination, isEnabled: Bool,
        started: Counter<LabelPair<SpanParentOrigin, SpanSamplingResult>>
    ) {
        self.clock = clock
        self.sampler = sampler
        self.limits = limits
        self.destination = destination
        self.isEnabled = isEnabled
        self.started = started
        _ = Unmanaged.passRetained(self)
    }

    func start(
        _ name: String, kind: SpanKind, parent: SpanContext?, attributes: [Attribute], links: [SpanLink],
        startNanoseconds: UInt64?
    ) -> ActiveSpan {
        guard self.isEnabled else { return self.passThrough(parent) }
        let parent = parent.flatMap { $0.isValid ? $0 : nil }
        let traceID = parent?.traceID ?? .random()
        let isSampled = self.sampler.isSampled(traceID: traceID, parent: parent)
        var flags: TraceFlags = parent.map { $0.flags.intersection(.random) } ?? .random
        if isSampled { flags.insert(.sampled) }
        let context = SpanContext(
            traceID: traceID, spanID: .random(), flags: flags, traceState: parent?.traceState ?? .empty)
        let origin: SpanParentOrigin = parent.map { $0.isRemote ? .remote : .local } ?? .none
        guard isSampled else {
            self.started.add(1, LabelPair(origin, .drop))
            return ActiveSpan(context)
        }
        self.started.add(1, LabelPair(origin, .recordAndSample))
        let span = RecordingSpan(
            context, parent: parent, name: name, kind: kind, attributes: attributes,
            startNanoseconds: startNanoseconds ?? self.clock.monotonicNanoseconds(), recorder: self)
        for link in links { span.addLink(link.context, link.attributes) }
        return span
    }

    /// A span that records nothing and hands its parent's context on.
    func passThrough(_ parent: SpanContext?) -> ActiveSpan {
        ActiveSpan(parent ?? SpanContext(traceID: .invalid, spanID: .invalid))
    }
}
