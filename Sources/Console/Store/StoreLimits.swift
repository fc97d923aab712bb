/// How much a console holds.
public struct StoreLimits: Sendable, Hashable {
    /// What spans may take, in bytes.
    public var spanBytesMax: Int
    /// What log records may take, in bytes.
    public var logBytesMax: Int
    /// Spans, whatever they take.
    public var spansMax: Int
    /// Log records, whatever they take.
    public var logsMax: Int
    /// Spans of one trace; those beyond are counted and left out.
    public var spansPerTraceMax = 20_000
    /// What one trace may take, in bytes: a quarter of what spans may, so that one cannot push out all others.
    public var traceBytesMax: Int { self.spanBytesMax / 4 }
    /// Series of metrics.
    public var metricsMax = 5_000

    /// Seven tenths for spans.
    ///
    /// - Parameter memoryBytesMax: for all together.
    public init(memoryBytesMax: Int, spansMax: Int = 1_000_000, logsMax: Int = 1_000_000) {
        self.spanBytesMax = memoryBytesMax / 10 * 7
        self.logBytesMax = memoryBytesMax - memoryBytesMax / 10 * 7
        self.spansMax = spansMax
        self.logsMax = logsMax
    }
}
