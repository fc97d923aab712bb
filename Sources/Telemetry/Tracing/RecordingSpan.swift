/// A sampled span. It is its own record: ended, it waits in the queue as it is until the exporter encodes it.
///
/// Invariant of `@unchecked`: `state` is touched only while `lock` is held.
final class RecordingSpan: ActiveSpan, @unchecked Sendable {
    /// The invalid id for a root.
    let parentSpanID: SpanID
    let parentIsRemote: Bool
    let kind: SpanKind
    let startUnixNanoseconds: UInt64
    /// Where the span waits until its local root has ended; nil where nothing is held back.
    struct Tail {
        let holder: TailTraceHolder
        let isRoot: Bool
    }
    let tail: Tail?
    private let start: UInt64
    // Never freed: see `SpanRecorder`. Unmanaged for the reason that `Tracer` gives.
    private let recorder: Unmanaged<SpanRecorder>
    private let lock = BriefLock()
    // The lock does what the exclusivity check would, which costs as much as the lock.
    @exclusivity(unchecked) private var state: SpanState

    init(
        _ context: SpanContext, parent: SpanContext?, name: String, kind: SpanKind, attributes: [Attribute],
        startNanoseconds: UInt64, recorder: SpanRecorder, tail: Tail? = nil
    ) {
        self.tail = tail
        self.parentSpanID = parent?.spanID ?? .invalid
        self.parentIsRemote = parent?.isRemote ?? false
        self.kind = kind
        self.start = startNanoseconds
        self.startUnixNanoseconds = recorder.clock.unixNanoseconds(at: startNanoseconds)
        self.recorder = .passUnretained(recorder)
        self.state = SpanState(name: name, attributes: [])
        self.state.add(attributes, limit: recorder.limits.attributesMax)
        super.init(context)
    }

    deinit {
        // A local root that nobody ended would keep what waits for it for ever.
        if let tail, tail.isRoot, !self.state.hasEnded { self.withRecorder { $0.tail?.abandon(tail.holder) } }
    }

    override var tailHolder: TailTraceHolder? { self.tail?.holder }
    override var isRecording: Bool { self.withState { !$0.hasEnded } }
    override var startNanoseconds: UInt64 { self.start }

    override func setAttribute(_ attribute: Attribute) {
        let limit = self.attributesMax
        self.change { $0.add(attribute, limit: limit) }
    }

    override func setAttributes(_ attributes: [Attribute]) {
        let limit = self.attributesMax
        self.change { $0.add(attributes, limit: limit) }
    }

    override func addEvent(named name: String, _ attributes: [Attribute]) {
        let (now, limit) = self.withRecorder { ($0.clock.unixNanoseconds(), $0.limits.eventsMax) }
        let event = SpanEvent(name: name, unixNanoseconds: now, attributes: attributes)
        self.change { $0.add(event, limit: limit) }
    }

    override func link(_ context: SpanContext, _ attributes: [Attribute]) {
        let limit = self.withRecorder { $0.limits.linksMax }
        self.change { $0.add(SpanLink(context, attributes), limit: limit) }
    }

    override func setStatus(_ status: SpanStatus) { self.change { $0.set(status) } }

    override func updateName(_ name: String) { self.change { $0.name = name } }

    override func recordError(_ error: any Error) {
        self.setAttribute(.errorType(String(reflecting: Swift.type(of: error))))
        let isEvent = self.withRecorder { recorder in
            recorder.exceptionLog.exception(error, in: self.context)
            return recorder.recordsExceptionEvents
        }
        if isEvent { self.addEvent("exception", Attribute.exception(error)) }
    }

    override func end() { self.end(at: self.withRecorder { $0.clock.monotonicNanoseconds() }) }

    override func end(at nanoseconds: UInt64) { self.finish(at: nanoseconds, [], .unset) }

    override func finish(at nanoseconds: UInt64, _ attributes: [Attribute], _ status: SpanStatus) {
        let limit = self.attributesMax
        self.lock.lock()
        let isFirstEnd = !self.state.hasEnded
        if isFirstEnd {
            self.state.add(attributes, limit: limit)
            self.state.set(status)
            self.state.endNanoseconds = max(nanoseconds, self.start, 1)
        }
        let isError = if case .error = self.state.status { true } else { false }
        self.lock.unlock()
        guard isFirstEnd else { return }
        let duration = max(nanoseconds, self.start) &- self.start
        self.withRecorder { $0.ended(self, isError: isError, nanoseconds: duration) }
    }

    @inline(__always)
    private func withRecorder<R>(_ body: (SpanRecorder) -> R) -> R { self.recorder._withUnsafeGuaranteedRef(body) }

    private var attributesMax: Int { self.withRecorder { $0.limits.attributesMax } }

    /// Reads the state in place.
    @inline(__always)
    func withState<R>(_ body: (borrowing SpanState) -> R) -> R {
        self.lock.lock()
        defer { self.lock.unlock() }
        return body(self.state)
    }

    @inline(__always)
    private func change(_ body: (inout SpanState) -> Void) {
        self.lock.lock()
        defer { self.lock.unlock() }
        if !self.state.hasEnded { body(&self.state) }
    }

    /// What has been recorded so far, repeated keys sorted out.
    func snapshot() -> SpanData {
        self.withState { state in
            let end = state.hasEnded ? state.endNanoseconds : self.start
            return SpanData(
                context: self.context, parentSpanID: self.parentSpanID, parentIsRemote: self.parentIsRemote,
                name: state.name, kind: self.kind, startUnixNanoseconds: self.startUnixNanoseconds,
                endUnixNanoseconds: self.startUnixNanoseconds &+ (end &- self.start),
                attributes: AttributeList.lastOfEachKey(state.attributes), events: state.extras?.events ?? [],
                links: state.extras?.links ?? [], status: state.status, droppedAttributes: state.droppedAttributes,
                droppedEvents: state.extras?.droppedEvents ?? 0, droppedLinks: state.extras?.droppedLinks ?? 0)
        }
    }
}
