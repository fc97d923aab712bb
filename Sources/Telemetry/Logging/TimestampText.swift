/// RFC 3339 in UTC with microseconds. The second is rendered once and kept, since most lines share it with the last.
struct TimestampText: Sendable {
    private var second = UInt64.max
    /// `2026-11-21T03:09:53.`
    private var text: (UInt64, UInt64, UInt32) = (0, 0, 0)

    /// Appends 27 bytes: `2026-11-21T03:09:53.123456Z`.
    @inline(__always)
    mutating func append(_ unixNanoseconds: UInt64, to sink: inout ByteSink) {
        let (second, rest) = unixNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        sink.reserve(27)
        if second == self.second {
            let raw = UnsafeMutableRawPointer(sink.base + sink.count)
            raw.storeBytes(of: self.text.0, as: UInt64.self)
            (raw + 8).storeBytes(of: self.text.1, as: UInt64.self)
            (raw + 16).storeBytes(of: self.text.2, as: UInt32.self)
            sink.advance(20)
        } else {
            self.render(second, to: &sink)
        }
        sink.append(decimal: rest / 1_000, digits: 6)
        sink.append(0x5a)
    }

    private mutating func render(_ second: UInt64, to sink: inout ByteSink) {
        let start = sink.count
        let (year, month, day) = Self.civil(daysSince1970: Int(second / 86_400))
        sink.append(decimal: UInt64(year), digits: 4)
        sink.append(0x2d)
        sink.append(decimal: UInt64(month), digits: 2)
        sink.append(0x2d)
        sink.append(decimal: UInt64(day), digits: 2)
        sink.append(0x54)
        sink.append(decimal: second % 86_400 / 3_600, digits: 2)
        sink.append(0x3a)
        sink.append(decimal: second % 3_600 / 60, digits: 2)
        sink.append(0x3a)
        sink.append(decimal: second % 60, digits: 2)
        sink.append(0x2e)
        let raw = UnsafeRawPointer(sink.base + start)
        self.text = (
            raw.loadUnaligned(as: UInt64.self), (raw + 8).loadUnaligned(as: UInt64.self),
            (raw + 16).loadUnaligned(as: UInt32.self)
        )
        self.second = second
    }

    /// Howard Hinnant's `civil_from_days` (public domain).
    static func civil(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
