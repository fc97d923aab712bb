import Synchronization

/// What became of a signal's records: read by the self-telemetry at each scrape.
final class ExporterCounts: Sendable {
    let exported = Atomic<Int>(0)
    /// Refused by the receiver in a partial success.
    let rejected = Atomic<Int>(0)
    /// Given up after retries, a deadline or a final status.
    let failed = Atomic<Int>(0)
    let inFlight = Atomic<Int>(0)
    let isFailing = Atomic<Bool>(false)
}
