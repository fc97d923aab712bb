/// A span between its start and `end()`; afterwards every call does nothing.
///
/// Safe to use from any task. This base class is the span that is not sampled: it carries its context and costs its
/// allocation, and all calls on it do nothing. `RecordingSpan` is the other kind.
///
/// Invariant of `@unchecked`: nothing here changes, and `RecordingSpan` guards what it changes.
public class ActiveSpan: @unchecked Sendable {
    /// The ids and flags that children and outgoing calls carry.
    public final let context: SpanContext

    init(_ context: SpanContext) { self.context = context }

    /// Whether what is set here will be seen: sampled, and not ended.
    public var isRecording: Bool { false }
    /// The monotonic start in nanoseconds; 0 when not sampled.
    public var startNanoseconds: UInt64 { 0 }

    /// Sets one attribute; the last value of a key counts. Beyond the limit it is dropped and counted.
    public func setAttribute(_ attribute: Attribute) {}

    /// Sets several attributes at once; the first array set is taken over without a copy.
    public func setAttributes(_ attributes: [Attribute]) {}

    func addEvent(named name: String, _ attributes: [Attribute]) {}
    func link(_ context: SpanContext, _ attributes: [Attribute]) {}

    /// Sets the status; `.ok` is final, `.unset` does nothing.
    public func setStatus(_ status: SpanStatus) {}

    /// Replaces the name given at the start.
    public func updateName(_ name: String) {}

    /// Sets `error.type` and records the error as a log record of this span, and as a span event where
    /// `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN=logs/dup` asks for it; the status stays as it is.
    public func recordError(_ error: any Error) {}

    /// Ends the span now and hands it to the exporter.
    public func end() {}

    /// Ends the span at a monotonic instant already read, in nanoseconds; never before its start.
    public func end(at nanoseconds: UInt64) {}

    /// What the tail keeper holds of this span's trace; nil where nothing is held back.
    var tailHolder: TailTraceHolder? { nil }

    func finish(at nanoseconds: UInt64, _ attributes: [Attribute], _ status: SpanStatus) {}
}

extension ActiveSpan {
    /// Adds a moment, now.
    public final func addEvent(_ name: String, _ attributes: [Attribute] = []) {
        self.addEvent(named: name, attributes)
    }

    /// Links a span of another trace or branch.
    public final func addLink(_ context: SpanContext, _ attributes: [Attribute] = []) {
        self.link(context, attributes)
    }

    /// Sets attributes and status and ends, all at once: what the server pipeline does for each request.
    public final func end(at nanoseconds: UInt64, attributes: [Attribute], status: SpanStatus = .unset) {
        self.finish(at: nanoseconds, attributes, status)
    }
}
