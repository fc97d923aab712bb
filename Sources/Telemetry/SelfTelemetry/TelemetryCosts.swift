import CSystem
import Glibc
import Synchronization

/// The parts of telemetry that take processor time.
package enum TelemetryComponent: String, MetricLabel {
    /// Starting and ending spans and formatting log lines, on the threads that do the work. Sampled: one in 64 is timed.
    case recording
    /// Encoding, compressing and spooling batches.
    case exporting
    /// The thread that writes log lines.
    case writing
    /// Rendering `/metrics`.
    case scraping
    package static var labelName: String { "component" }
}

/// How much processor time telemetry takes from the program it observes.
final class TelemetryCosts: Sendable {
    private let recordingCell = Atomic<UInt64>(0)
    private let exportingCell = Atomic<UInt64>(0)
    private let writingCell = Atomic<UInt64>(0)
    private let scrapingCell = Atomic<UInt64>(0)

    /// One recording in this many is timed: a clock costs about as much as a tenth of what it times.
    private static let sampled: UInt64 = 64
    /// A longer one was interrupted: what the thread did not do is not counted.
    private static let recordingNanosecondsMax: UInt64 = 20_000

    func register(in metrics: MetricRegistry) {
        metrics.observableCounter(SelfMetrics.processorTime) {
            TelemetryComponent.allCases.map { ($0, Double(self.nanoseconds($0)) * 1e-9) }
        }
    }

    func nanoseconds(_ component: TelemetryComponent) -> UInt64 {
        switch component {
        case .recording: self.recordingCell.load(ordering: .relaxed)
        case .exporting: self.exportingCell.load(ordering: .relaxed)
        case .writing: self.writingCell.load(ordering: .relaxed)
        case .scraping: self.scrapingCell.load(ordering: .relaxed)
        }
    }

    /// Whether the recording that belongs to this random number is timed.
    @inline(__always)
    static func isSampled(_ random: UInt64) -> Bool { random & (self.sampled - 1) == 0 }

    /// Counts a timed recording for all those that were not.
    @inline(never)
    func recorded(nanoseconds: UInt64) {
        let counted = min(nanoseconds, Self.recordingNanosecondsMax) * Self.sampled
        self.recordingCell.wrappingAdd(counted, ordering: .relaxed)
    }

    /// What the writer thread has used since its start.
    func wrote(threadNanoseconds: UInt64) { self.writingCell.store(threadNanoseconds, ordering: .relaxed) }

    func exporting<R>(_ body: () -> R) -> R {
        let start = Self.threadNanoseconds()
        defer { self.exportingCell.wrappingAdd(Self.threadNanoseconds() &- start, ordering: .relaxed) }
        return body()
    }

    func scraping<R>(_ body: () -> R) -> R {
        let start = Self.threadNanoseconds()
        defer { self.scrapingCell.wrappingAdd(Self.threadNanoseconds() &- start, ordering: .relaxed) }
        return body()
    }

    /// What the calling thread has used since its start.
    static func threadNanoseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    }
}
