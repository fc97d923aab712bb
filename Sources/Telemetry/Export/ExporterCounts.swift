import Synchronization

/// What became of a signal's records: read by the self-telemetry at each scrape.
final class ExporterCounts: Sendable {
    /// Given to the exporter.
    let begun = Atomic<Int>(0)
    let exported = Atomic<Int>(0)
    /// Sent again although an earlier try may have arrived: these may be duplicates at the receiver.
    let resent = Atomic<Int>(0)
    let isFailing = Atomic<Bool>(false)
    private let rejected = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let timeout = Atomic<Int>(0)
    private let spoolFull = Atomic<Int>(0)
    private let spoolFailed = Atomic<Int>(0)

    func lose(_ count: Int, _ reason: ExportLoss) {
        switch reason {
        case .rejected: self.rejected.wrappingAdd(count, ordering: .relaxed)
        case .refused: self.refused.wrappingAdd(count, ordering: .relaxed)
        case .timeout: self.timeout.wrappingAdd(count, ordering: .relaxed)
        case .spoolFull: self.spoolFull.wrappingAdd(count, ordering: .relaxed)
        case .spoolFailed: self.spoolFailed.wrappingAdd(count, ordering: .relaxed)
        }
    }

    func lost(_ reason: ExportLoss) -> Int {
        switch reason {
        case .rejected: self.rejected.load(ordering: .relaxed)
        case .refused: self.refused.load(ordering: .relaxed)
        case .timeout: self.timeout.load(ordering: .relaxed)
        case .spoolFull: self.spoolFull.load(ordering: .relaxed)
        case .spoolFailed: self.spoolFailed.load(ordering: .relaxed)
        }
    }

    /// Given to the exporter and neither delivered nor lost yet, on disk or in memory.
    var inFlight: Int {
        let ended = ExportLoss.allCases.reduce(self.exported.load(ordering: .relaxed)) { $0 + self.lost($1) }
        return max(0, self.begun.load(ordering: .relaxed) - ended)
    }
}
