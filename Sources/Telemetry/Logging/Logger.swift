/// Writes log lines. Copying one is free; a line below the level costs a comparison, its attributes are not evaluated.
public struct Logger: Sendable {
    // Never freed: see `LogPipeline`.
    @usableFromInline
    unowned(unsafe) let pipeline: LogPipeline
    /// The least level that is written.
    public let minimumLevel: LogLevel

    init(_ pipeline: LogPipeline, minimumLevel: LogLevel) {
        self.pipeline = pipeline
        self.minimumLevel = minimumLevel
    }

    /// For whoever develops the part that writes it.
    ///
    /// - Parameters:
    ///   - message: A constant; what varies goes into `attributes`.
    ///   - context: The span the line belongs to; the current task's for nil, which costs a look-up.
    @inlinable
    public func debug(
        _ message: StaticString, _ attributes: @autoclosure () -> [Attribute] = [], in context: SpanContext? = nil
    ) {
        self.log(.debug, message, attributes(), in: context)
    }

    /// A fact of the business.
    @inlinable
    public func info(
        _ message: StaticString, _ attributes: @autoclosure () -> [Attribute] = [], in context: SpanContext? = nil
    ) {
        self.log(.info, message, attributes(), in: context)
    }

    /// Degraded, but served.
    @inlinable
    public func warning(
        _ message: StaticString, _ attributes: @autoclosure () -> [Attribute] = [], in context: SpanContext? = nil
    ) {
        self.log(.warning, message, attributes(), in: context)
    }

    /// Wants a person.
    @inlinable
    public func error(
        _ message: StaticString, _ attributes: @autoclosure () -> [Attribute] = [], in context: SpanContext? = nil
    ) {
        self.log(.error, message, attributes(), in: context)
    }

    /// Writes a line of any level; `attributes` is read where it is, never copied.
    @inlinable
    public func log(
        _ level: LogLevel, _ message: StaticString, _ attributes: @autoclosure () -> [Attribute] = [],
        in context: SpanContext? = nil, at monotonicNanoseconds: UInt64? = nil
    ) {
        guard level >= self.minimumLevel else { return }
        self.pipeline.write(level, message, attributes(), context, at: monotonicNanoseconds)
    }

    /// Records an error as the conventions ask: a log record with the event name `exception`, its type and its text.
    ///
    /// Source: OpenTelemetry semantic conventions, "Exceptions in logs".
    /// - Parameter level: `.error` for one that nobody handles.
    public func exception(_ error: any Error, level: LogLevel = .warning, in context: SpanContext? = nil) {
        guard level >= self.minimumLevel else { return }
        self.pipeline.write(
            level, "exception", Attribute.exception(error), context, at: nil, eventName: "exception")
    }

    /// The record of one request: never left out, however often it repeats.
    func record(
        _ level: LogLevel, _ message: StaticString, _ attributes: [Attribute], in context: SpanContext,
        at monotonicNanoseconds: UInt64
    ) {
        guard level >= self.minimumLevel else { return }
        self.pipeline.write(level, message, attributes, context, at: monotonicNanoseconds, isLimited: false)
    }
}
