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
    // Never freed: see `SpanRecorder`.
    private unowned(unsafe) let recorder: SpanRecorder
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
        self.recorder = recorder
        self.state = SpanState(name: name, attributes: [])
        self.state.add(attributes, limit: recorder.limits.attributesMax)
        super.init(context)
    }

    deinit {
        // A local root that nobody ended would keep what waits for it for ever.
        if let tail, tail.isRoot, !self.state.hasEnded { self.recorder.tail?.abandon(tail.holder) }
    }

    override var tailHolder: TailTraceHolder? { self.tail?.holder }
    override var isRecording: Bool { self.withState { !$0.hasEnded } }
    override var startNanoseconds: UInt64 { self.start }

    override func setAttribute(_ attribute: Attribute) {
        self.change { $0.add(attribute, limit: self.recorder.limits.attributesMax) }
    }

    override func setAttributes(_ attributes: [Attribute]) {
        self.change { $0.add(attributes, limit: self.recorder.limits.attributesMax) }
    }

    override func addEvent(named name: String, _ attributes: [Attribute]) {
        let event = SpanEvent(
            name: name, unixNanoseconds: self.recorder.clock.unixNanoseconds(), attributes: attributes)
        self.change { $0.add(event, limit: self.recorder.limits.eventsMax) }
    }

    override func link(_ context: SpanContext, _ attributes: [Attribute]) {
        self.change { $0.add(SpanLink(context, attributes), limit: self.recorder.limits.linksMax) }
    }

    override func setStatus(_ status: SpanStatus) { self.change { $0.set(status) } }

    override func updateName(_ name: String) { self.change { $0.name = name } }

    override func recordError(_ error: any Error) {
        self.setAttribute(.errorType(String(reflecting: Swift.type(of: error))))
        self.recorder.exceptionLog.exception(error, in: self.context)
        if self.recorder.recordsExceptionEvents { self.addEvent("exception", Attribute.exception(error)) }
    }

    override func end() { self.end(at: self.recorder.clock.monotonicNanoseconds()) }

    override func end(at nanoseconds: UInt64) { self.finish(at: nanoseconds, [], .unset) }

    override func finish(at nanoseconds: UInt64, _ attributes: [Attribute], _ status: SpanStatus) {
        self.lock.lock()
        let isFirstEnd = !self.state.hasEnded
        if isFirstEnd {
            self.state.add(attributes, limit: self.recorder.limits.attributesMax)
            self.state.set(status)
            self.state.endNanoseconds = max(nanoseconds, self.start, 1)
        }
        let isError = if case .error = self.state.status { true } else { false }
        self.lock.unlock()
        guard isFirstEnd else { return }
        self.recorder.ended(self, isError: isError, nanoseconds: max(nanoseconds, self.start) &- self.start)
    }

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
