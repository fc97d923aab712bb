import CSystem
import Synchronization

/// Monotonic time for durations, and the wall clock as an offset from it, so that one clock read serves both.
///
/// The offset is measured anew about once a second; a span's duration never depends on it.
final class TelemetryClock: Sendable {
    private let manual: ManualTime?
    private let anchoredAt = Atomic<UInt64>(0)
    private let offset = Atomic<UInt64>(0)
    private static let anchorNanosecondsMax: Int64 = 1_000_000_000

    init(manual: ManualTime? = nil) {
        self.manual = manual
        self.anchor()
    }

    @inline(__always)
    func monotonicNanoseconds() -> UInt64 {
        if let manual { return manual.monotonicNanoseconds }
        return vitrine_monotonic_nanoseconds()
    }

    /// Unix time of a monotonic instant.
    @inline(__always)
    func unixNanoseconds(at monotonic: UInt64) -> UInt64 {
        let age = Int64(bitPattern: monotonic &- self.anchoredAt.load(ordering: .relaxed))
        if age > Self.anchorNanosecondsMax { self.anchor() }
        return monotonic &+ self.offset.load(ordering: .relaxed)
    }

    func unixNanoseconds() -> UInt64 { self.unixNanoseconds(at: self.monotonicNanoseconds()) }

    @inline(never)
    private func anchor() {
        let monotonic = self.monotonicNanoseconds()
        let unix = self.manual?.unixNanoseconds ?? vitrine_realtime_nanoseconds()
        self.offset.store(unix &- monotonic, ordering: .relaxed)
        self.anchoredAt.store(monotonic, ordering: .relaxed)
    }
}

/// Time that moves only when told, for tests.
package final class ManualTime: Sendable {
    private let elapsed = Atomic<UInt64>(0)
    private let startUnixNanoseconds: UInt64
    /// The monotonic clock starts here rather than at zero, which would read as "not ended".
    private static let startMonotonicNanoseconds: UInt64 = 1_000_000_000

    package init(startUnixNanoseconds: UInt64) { self.startUnixNanoseconds = startUnixNanoseconds }

    package var monotonicNanoseconds: UInt64 { Self.startMonotonicNanoseconds + self.elapsed.load(ordering: .relaxed) }
    package var unixNanoseconds: UInt64 { self.startUnixNanoseconds + self.elapsed.load(ordering: .relaxed) }
    package func advance(nanoseconds: UInt64) { self.elapsed.wrappingAdd(nanoseconds, ordering: .relaxed) }
}
