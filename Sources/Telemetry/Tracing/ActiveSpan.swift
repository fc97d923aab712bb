import Synchronization

/// A span that is being recorded, until `end()`; afterwards every call does nothing.
///
/// Safe to use from any task. One that is not sampled costs its allocation and nothing more.
public final class ActiveSpan: Sendable {
    /// The ids and flags that children and outgoing calls carry.
    public let context: SpanContext
    /// The invalid id for a root.
    public let parentSpanID: SpanID
    public let parentIsRemote: Bool
    public let kind: SpanKind
    /// Monotonic nanoseconds.
    public let startNanoseconds: UInt64
    let startUnixNanoseconds: UInt64
    private let isSampled: Bool
    // Never freed: see `SpanRecorder`.
    private unowned(unsafe) let recorder: SpanRecorder
    private let state: Mutex<SpanState>

    init(
        recording context: SpanContext, parent: SpanContext?, name: String, kind: SpanKind, attributes: [Attribute],
        startNanoseconds: UInt64, recorder: SpanRecorder
    ) {
        self.context = context
        self.parentSpanID = parent?.spanID ?? .invalid
        self.parentIsRemote = parent?.isRemote ?? false
        self.kind = kind
        self.startNanoseconds = startNanoseconds
        self.startUnixNanoseconds = recorder.clock.unixNanoseconds(at: startNanoseconds)
        self.isSampled = true
        self.recorder = recorder
        var state = SpanState(name: name, attributes: [])
        state.add(attributes, limit: recorder.limits.attributesMax)
        self.state = Mutex(state)
    }

    init(unrecorded context: SpanContext, recorder: SpanRecorder) {
        self.context = context
        self.parentSpanID = .invalid
        self.parentIsRemote = false
        self.kind = .internal
        self.startNanoseconds = 0
        self.startUnixNanoseconds = 0
        self.isSampled = false
        self.recorder = recorder
        self.state = Mutex(SpanState(name: "", attributes: []))
    }

    /// Whether what is set here will be seen: sampled, and not ended.
    public var isRecording: Bool { self.isSampled && self.state.withLock { !$0.hasEnded } }

    /// Sets one attribute; the last value of a key counts. Beyond the limit it is dropped and counted.
    public func setAttribute(_ attribute: Attribute) {
        self.change { $0.add(attribute, limit: self.recorder.limits.attributesMax) }
    }

    /// Sets several attributes under one lock; the first array set is taken over without a copy.
    public func setAttributes(_ attributes: [Attribute]) {
        self.change { $0.add(attributes, limit: self.recorder.limits.attributesMax) }
    }

    /// Adds a moment, now.
    public func addEvent(_ name: String, _ attributes: [Attribute] = []) {
        guard self.isSampled else { return }
        let clock = self.recorder.clock
        let now = clock.unixNanoseconds(at: clock.monotonicNanoseconds())
        let event = SpanEvent(name: name, unixNanoseconds: now, attributes: attributes)
        self.change { $0.add(event, limit: self.recorder.limits.eventsMax) }
    }

    /// Links a span of another trace or branch.
    public func addLink(_ context: SpanContext, _ attributes: [Attribute] = []) {
        self.change { $0.add(SpanLink(context, attributes), limit: self.recorder.limits.linksMax) }
    }

    /// Sets the status; `.ok` is final, `.unset` does nothing.
    public func setStatus(_ status: SpanStatus) { self.change { $0.set(status) } }

    /// Replaces the name given at the start.
    public func updateName(_ name: String) { self.change { $0.name = name } }

    /// Sets `error.type` and adds an `exception` event; the status stays as it is.
    public func recordError(_ error: any Error) {
        guard self.isSampled else { return }
        let type = String(reflecting: Swift.type(of: error))
        self.setAttribute(.errorType(type))
        self.addEvent("exception", [.exceptionType(type), .exceptionMessage(String(describing: error))])
    }

    /// Ends the span now and hands it to the exporter.
    public func end() {
        guard self.isSampled else { return }
        self.finish(at: self.recorder.clock.monotonicNanoseconds())
    }

    /// Ends the span at a monotonic instant already read, in nanoseconds; never before its start.
    public func end(at nanoseconds: UInt64) {
        guard self.isSampled else { return }
        self.finish(at: nanoseconds)
    }

    /// Sets attributes and status and ends, under one lock: what the server pipeline does for each request.
    public func end(at nanoseconds: UInt64, attributes: [Attribute], status: SpanStatus = .unset) {
        guard self.isSampled else { return }
        let ended = self.state.withLock { state in
            guard !state.hasEnded else { return false }
            state.add(attributes, limit: self.recorder.limits.attributesMax)
            state.set(status)
            state.endNanoseconds = max(nanoseconds, self.startNanoseconds, 1)
            return true
        }
        if ended { self.recorder.destination.accept(self) }
    }

    private func finish(at nanoseconds: UInt64) {
        let ended = self.state.withLock { state in
            guard !state.hasEnded else { return false }
            state.endNanoseconds = max(nanoseconds, self.startNanoseconds, 1)
            return true
        }
        if ended { self.recorder.destination.accept(self) }
    }

    @inline(__always)
    private func change(_ body: (inout SpanState) -> Void) {
        guard self.isSampled else { return }
        self.state.withLock { state in
            if !state.hasEnded { body(&state) }
        }
    }

    /// Reads the state in place; for encoders, which see ended spans only.
    func withState<R>(_ body: (borrowing SpanState) -> R) -> R { self.state.withLock { body($0) } }

    /// What has been recorded so far, repeated keys sorted out.
    public func snapshot() -> SpanData {
        self.state.withLock { state in
            let end = state.hasEnded ? state.endNanoseconds : self.startNanoseconds
            return SpanData(
                context: self.context, parentSpanID: self.parentSpanID, parentIsRemote: self.parentIsRemote,
                name: state.name, kind: self.kind, startUnixNanoseconds: self.startUnixNanoseconds,
                endUnixNanoseconds: self.startUnixNanoseconds &+ (end &- self.startNanoseconds),
                attributes: AttributeList.lastOfEachKey(state.attributes), events: state.extras?.events ?? [],
                links: state.extras?.links ?? [], status: state.status, droppedAttributes: state.droppedAttributes,
                droppedEvents: state.extras?.droppedEvents ?? 0, droppedLinks: state.extras?.droppedLinks ?? 0)
        }
    }
}
