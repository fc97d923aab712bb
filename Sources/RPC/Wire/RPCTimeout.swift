import HTTPCore

/// The text of `grpc-timeout`: up to 8 digits and a unit.
///
/// Source: gRPC, `doc/PROTOCOL-HTTP2.md`, "Timeout".
enum RPCTimeout {
    private static let digitsMax = 8
    private static let numberMax: Int64 = 99_999_999

    /// Nil for text that is no timeout. 0 is taken for one that is over, though it should not be sent.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Duration? {
        guard (2...self.digitsMax + 1).contains(text.count) else { return nil }
        var value: Int64 = 0
        for byte in text.dropLast() {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int64(byte &- 0x30)
        }
        switch text[text.count - 1] {
        case 0x6E: return .nanoseconds(value)
        case 0x75: return .microseconds(value)
        case 0x6D: return .milliseconds(value)
        case 0x53: return .seconds(value)
        case 0x4D: return .seconds(value * 60)
        case 0x48: return .seconds(value * 3_600)
        default: return nil
        }
    }

    /// Appends `grpc-timeout` in the finest unit whose number has 8 digits; rounded down, so that no hop waits longer
    /// than the one before it, but never to 0.
    static func append(_ duration: Duration, to fields: inout HTTPFields) {
        self.withText(duration) { fields.append(.grpcTimeout, utf8: $0) }
    }

    static func withText<R>(_ duration: Duration, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let (seconds, attoseconds) = duration.components
        let most = self.numberMax
        // Beyond this many hours the number would not fit, and nobody waits that long.
        let isLong = seconds > most * 60
        let whole = isLong ? 0 : max(0, seconds) * 1_000_000 + attoseconds / 1_000_000_000_000
        var unit: UInt8 = 0x48
        var number = min(seconds / 3_600, most)
        if seconds < 1, attoseconds / 1_000_000_000 <= most {
            (unit, number) = (0x6E, attoseconds / 1_000_000_000)
        } else if !isLong {
            for (candidate, microseconds) in [(0x75, 1), (0x6D, 1_000), (0x53, 1_000_000), (0x4D, 60_000_000)]
                as [(UInt8, Int64)] where whole / microseconds <= most
            {
                (unit, number) = (candidate, whole / microseconds)
                break
            }
        }
        number = max(1, number)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 9) { text in
            var start = 8
            text[8] = unit
            repeat {
                start -= 1
                text[start] = UInt8(truncatingIfNeeded: number % 10) + 0x30
                number /= 10
            } while number > 0
            return body(UnsafeBufferPointer(rebasing: text[start...]))
        }
    }
}
