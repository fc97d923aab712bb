/// One encoded batch on its way to the receiver.
struct ExportBody: Sendable, Hashable {
    /// Orders batches by when they were made, over restarts too.
    let sequence: UInt64
    /// Records in it.
    let count: Int
    let bytes: [UInt8]
    let isGzipped: Bool
    /// Whether an earlier try may have reached the receiver without its answer reaching us.
    var mayHaveArrived = false
}

/// Why records did not reach the receiver.
package enum ExportLoss: String, MetricLabel {
    /// The receiver rejected them in a partial success.
    case rejected
    /// The receiver refused the request for good.
    case refused
    /// No try succeeded in time, and there is no spool to keep them.
    case timeout
    /// The spool was full, and they were the oldest.
    case spoolFull = "spool_full"
    /// The spool could not be written or read.
    case spoolFailed = "spool_failed"
    package static var labelName: String { "error.type" }
}
