/// Starts spans. Copying one is free.
public struct Tracer: Sendable {
    // Never freed: see `SpanRecorder`. Unmanaged, because even a copy that is dropped at once would count on memory that
    // all threads share.
    private let recorder: Unmanaged<SpanRecorder>

    init(_ recorder: SpanRecorder) { self.recorder = .passUnretained(recorder) }

    /// Starts a child of the current task's span, or of its remote parent, or a new trace; the caller ends it.
    ///
    /// - Parameters:
    ///   - name: Of low cardinality: a route or an operation, never a raw path.
    ///   - attributes: Taken over without a copy.
    ///   - startNanoseconds: Monotonic (`vitrine_monotonic_nanoseconds()`), now by default.
    public func startSpan(
        _ name: String, kind: SpanKind = .internal, attributes: [Attribute] = [], links: [SpanLink] = [],
        startNanoseconds: UInt64? = nil
    ) -> ActiveSpan {
        let current = TelemetryContext.current
        return self.recorder._withUnsafeGuaranteedRef { recorder in
            if current.isSuppressed { return recorder.passThrough(current.spanContext) }
            return recorder.start(
                name, kind: kind, parent: current.spanContext, local: current.span, attributes: attributes,
                links: links, startNanoseconds: startNanoseconds)
        }
    }

    /// Starts a child of `parent`, or a new trace for nil; the current task's context is not looked at. To a tail keeper it
    /// is a local root.
    public func startSpan(
        _ name: String, kind: SpanKind = .internal, parent: SpanContext?, attributes: [Attribute] = [],
        links: [SpanLink] = [], startNanoseconds: UInt64? = nil
    ) -> ActiveSpan {
        self.recorder._withUnsafeGuaranteedRef {
            $0.start(
                name, kind: kind, parent: parent, local: nil, attributes: attributes, links: links,
                startNanoseconds: startNanoseconds)
        }
    }

    /// Runs `body` as a span: bound as the current one, ended after it, its error recorded with status Error.
    public func withSpan<T, E: Error>(
        _ name: String, kind: SpanKind = .internal, attributes: [Attribute] = [], links: [SpanLink] = [],
        _ body: (ActiveSpan) async throws(E) -> T
    ) async throws(E) -> T {
        var context = TelemetryContext.current
        let span = self.startSpan(name, kind: kind, attributes: attributes, links: links)
        context.span = span
        defer { span.end() }
        // `withValue` knows no typed errors, so the outcome crosses it as a value.
        let outcome: Result<T, E> = await TelemetryContext.$current.withValue(context) {
            do throws(E) { return .success(try await body(span)) } catch { return .failure(error) }
        }
        if case .failure(let error) = outcome { self.record(error, on: span) }
        return try outcome.get()
    }

    /// Runs a synchronous `body` as a span: bound as the current one, ended after it, its error recorded.
    public func withSpan<T, E: Error>(
        _ name: String, kind: SpanKind = .internal, attributes: [Attribute] = [], links: [SpanLink] = [],
        _ body: (ActiveSpan) throws(E) -> T
    ) throws(E) -> T {
        var context = TelemetryContext.current
        let span = self.startSpan(name, kind: kind, attributes: attributes, links: links)
        context.span = span
        defer { span.end() }
        let outcome: Result<T, E> = TelemetryContext.$current.withValue(context) {
            do throws(E) { return .success(try body(span)) } catch { return .failure(error) }
        }
        if case .failure(let error) = outcome { self.record(error, on: span) }
        return try outcome.get()
    }

    private func record(_ error: any Error, on span: ActiveSpan) {
        // An error is worth a line even if its trace is not kept.
        self.recorder._withUnsafeGuaranteedRef { recorder in
            if !span.isRecording, recorder.isEnabled { recorder.exceptionLog.exception(error, in: span.context) }
        }
        span.recordError(error)
        span.setStatus(.error(String(describing: error)))
    }
}
