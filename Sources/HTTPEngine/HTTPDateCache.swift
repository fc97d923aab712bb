import CSystem
import HTTPCore
import Synchronization

/// The `date` field of answers (RFC 9110, section 6.6.1), rendered once a second.
enum HTTPDateCache {
    private struct Line: Sendable {
        var second: UInt64 = .max
        var bytes: [UInt8] = []
        var value: [UInt8] = []
    }
    // One for each thread slot: no loop waits for another, and the lock is never contended.
    private static let lines: [MutexBox] = (0...Int(VITRINE_THREAD_SLOTS)).map { _ in MutexBox() }

    private final class MutexBox: Sendable {
        let line = Mutex(Line())
    }

    /// Appends `date: Sun, 06 Nov 1994 08:49:37 GMT` and a line end.
    static func append(to buffer: inout [UInt8]) {
        self.withLine { buffer.append(contentsOf: $0.bytes) }
    }

    /// The field's value alone.
    static func value() -> [UInt8] { self.withLine { $0.value } }

    private static func withLine<R: Sendable>(_ body: (inout sending Line) -> R) -> R {
        let second = vitrine_coarse_realtime_seconds()
        let slot = vitrine_thread_slot()
        return self.lines[slot < 0 ? Int(VITRINE_THREAD_SLOTS) : Int(slot)].line.withLock { line in
            if line.second != second {
                line.second = second
                line.value = []
                HTTPDate.append(unixSeconds: Int(second), to: &line.value)
                line.bytes = Array("date: ".utf8) + line.value + [0x0D, 0x0A]
            }
            return body(&line)
        }
    }
}
