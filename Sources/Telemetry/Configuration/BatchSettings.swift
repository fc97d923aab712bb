/// How a batch processor gathers and sends: the `OTEL_BSP_*` or `OTEL_BLRP_*` variables.
public struct BatchSettings: Sendable, Hashable {
    /// `…_SCHEDULE_DELAY`: longest wait before a part batch goes; 5 s for spans, 1 s for logs.
    public var scheduleDelay: Duration
    /// `…_EXPORT_TIMEOUT`: longest a batch is tried for where there is no spool; 30 s.
    public var exportTimeout: Duration
    /// `…_MAX_QUEUE_SIZE`: records that may wait; 2,048. Beyond, the newest are dropped and counted.
    public var queueMax: Int
    /// `…_MAX_EXPORT_BATCH_SIZE`: records in one request, at most the queue size; 512.
    public var batchMax: Int

    public init(
        scheduleDelay: Duration = .seconds(5), exportTimeout: Duration = .seconds(30), queueMax: Int = 2_048,
        batchMax: Int = 512
    ) {
        self.scheduleDelay = scheduleDelay
        self.exportTimeout = exportTimeout
        self.queueMax = queueMax
        self.batchMax = min(batchMax, queueMax)
    }

    init(_ reader: EnvironmentReader, prefix: String, scheduleDelay: Duration) throws(TelemetryConfigurationError) {
        self.init(
            scheduleDelay: try reader.milliseconds(prefix + "_SCHEDULE_DELAY") ?? scheduleDelay,
            exportTimeout: try reader.timeout(prefix + "_EXPORT_TIMEOUT") ?? .seconds(30),
            queueMax: try reader.count(prefix + "_MAX_QUEUE_SIZE", from: 1) ?? 2_048,
            batchMax: try reader.count(prefix + "_MAX_EXPORT_BATCH_SIZE", from: 1) ?? 512)
    }
}
