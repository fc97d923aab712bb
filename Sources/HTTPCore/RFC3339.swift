/// Timestamps as they stand in JSON (RFC 3339). Inside, a time is a whole number of microseconds since 1970 in UTC.
public enum RFC3339 {
    /// Appends the 27 bytes of `2026-11-21T03:04:05.123456Z`.
    ///
    /// - Parameter microseconds: since 1970, clamped to the years 0 to 9999.
    public static func append(microseconds: Int, to output: inout [UInt8]) {
        let seconds = floorDivide(microseconds, by: 1_000_000)
        let remainder = microseconds % 1_000_000
        let time = CivilTime(unixSeconds: seconds)
        // One append of 27 bytes: lists print two timestamps for each item.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 27) { text in
            text.write(time.year, digits: 4, at: 0)
            text[4] = 0x2D
            text.write(time.month, digits: 2, at: 5)
            text[7] = 0x2D
            text.write(time.day, digits: 2, at: 8)
            text[10] = 0x54
            text.writeClock(time, at: 11)
            text[19] = 0x2E
            text.write(remainder < 0 ? remainder + 1_000_000 : remainder, digits: 6, at: 20)
            text[26] = 0x5A
            output.append(contentsOf: text)
        }
    }

    /// The timestamp as a `String`.
    public static func string(microseconds: Int) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(27)
        Self.append(microseconds: microseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Microseconds since 1970; nil for what is no timestamp of RFC 3339 or a date that does not exist.
    ///
    /// Offsets from UTC are applied, digits beyond microseconds are cut off, `t` and `z` may be small. Leap seconds are
    /// refused, for Unix time cannot hold them.
    public static func parse(_ text: String) -> Int? {
        var text = text
        return text.withUTF8 { Self.parse($0) }
    }

    /// Parses bytes; see `parse(_:)`.
    public static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var cursor = DateCursor(text)
        guard let year = cursor.number(digits: 4), cursor.skip("-"), let month = cursor.number(digits: 2),
            cursor.skip("-"), let day = cursor.number(digits: 2), cursor.skip("T") || cursor.skip("t"),
            let clock = cursor.clock(), let fraction = Self.parseFraction(&cursor),
            let offset = Self.parseOffset(&cursor), cursor.isAtEnd
        else { return nil }
        let time = CivilTime(
            year: year, month: month, day: day, hour: clock.hour, minute: clock.minute, second: clock.second)
        guard time.isValid else { return nil }
        return (time.unixSeconds - offset) * 1_000_000 + fraction
    }

    /// Microseconds of the fraction; 0 without one.
    private static func parseFraction(_ cursor: inout DateCursor) -> Int? {
        guard cursor.skip(".") else { return 0 }
        var fraction = 0
        var digits = 0
        while let digit = cursor.number(digits: 1) {
            if digits < 6 { fraction = fraction * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        while digits < 6 {
            fraction *= 10
            digits += 1
        }
        return fraction
    }

    /// Seconds east of Greenwich.
    private static func parseOffset(_ cursor: inout DateCursor) -> Int? {
        if cursor.skip("Z") || cursor.skip("z") { return 0 }
        let isWest = cursor.skip("-")
        guard isWest || cursor.skip("+") else { return nil }
        guard let hour = cursor.number(digits: 2), cursor.skip(":"), let minute = cursor.number(digits: 2), hour < 24,
            minute < 60
        else { return nil }
        return (hour * 60 + minute) * (isWest ? -60 : 60)
    }
}
