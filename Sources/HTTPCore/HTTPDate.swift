/// Dates as `Date`, `Last-Modified` and `Expires` carry them (RFC 9110 section 5.6.7).
public enum HTTPDate {
    /// Appends the 29 bytes of IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter unixSeconds: clamped to the years 0 to 9999.
    public static func append(unixSeconds: Int, to output: inout [UInt8]) {
        let time = CivilTime(unixSeconds: unixSeconds)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 29) { text in
            text.write(Self.abbreviation(time.weekday, in: Self.weekdays), at: 0)
            text[3] = 0x2C
            text[4] = 0x20
            text.write(time.day, digits: 2, at: 5)
            text[7] = 0x20
            text.write(Self.abbreviation(time.month - 1, in: Self.months), at: 8)
            text[11] = 0x20
            text.write(time.year, digits: 4, at: 12)
            text[16] = 0x20
            text.writeClock(time, at: 17)
            text.write(Self.zone, at: 25)
            output.append(contentsOf: text)
        }
    }

    /// IMF-fixdate as a `String`.
    public static func string(unixSeconds: Int) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(29)
        Self.append(unixSeconds: unixSeconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Seconds since 1970 from any of the three forms a recipient must accept; nil for everything else, a date that
    /// does not exist and a wrong day of the week included. Two-digit years from 70 on are of the twentieth century.
    public static func parse(_ text: String) -> Int? {
        var text = text
        return text.withUTF8 { Self.parse($0) }
    }

    /// Parses bytes; see `parse(_:)`.
    public static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var cursor = DateCursor(text)
        guard let weekday = cursor.name(of: Self.weekdays) else { return nil }
        let time: CivilTime?
        switch cursor.peek {
        case 0x2C: time = Self.parseFixed(&cursor)
        case 0x20: time = Self.parseAsctime(&cursor)
        default: time = Self.parseRFC850(&cursor, weekday: weekday)
        }
        guard let time, cursor.isAtEnd, time.isValid, time.weekday == weekday else { return nil }
        return time.unixSeconds
    }

    /// `, 06 Nov 1994 08:49:37 GMT`
    private static func parseFixed(_ cursor: inout DateCursor) -> CivilTime? {
        guard cursor.skip(", "), let day = cursor.number(digits: 2), cursor.skip(" "),
            let month = cursor.name(of: Self.months), cursor.skip(" "), let year = cursor.number(digits: 4),
            cursor.skip(" "), let clock = cursor.clock(), cursor.skip(" GMT")
        else { return nil }
        return CivilTime(
            year: year, month: month + 1, day: day, hour: clock.hour, minute: clock.minute, second: clock.second)
    }

    /// `day, 06-Nov-94 08:49:37 GMT`, behind the first three letters of the weekday.
    private static func parseRFC850(_ cursor: inout DateCursor, weekday: Int) -> CivilTime? {
        let endings: [StaticString] = ["day", "day", "sday", "nesday", "rsday", "day", "urday"]
        guard cursor.skip(endings[weekday]), cursor.skip(", "), let day = cursor.number(digits: 2), cursor.skip("-"),
            let month = cursor.name(of: Self.months), cursor.skip("-"), let year = cursor.number(digits: 2),
            cursor.skip(" "), let clock = cursor.clock(), cursor.skip(" GMT")
        else { return nil }
        return CivilTime(
            year: year < 70 ? year + 2_000 : year + 1_900, month: month + 1, day: day, hour: clock.hour,
            minute: clock.minute, second: clock.second)
    }

    /// ` Nov  6 08:49:37 1994`
    private static func parseAsctime(_ cursor: inout DateCursor) -> CivilTime? {
        guard cursor.skip(" "), let month = cursor.name(of: Self.months), cursor.skip(" "),
            let day = cursor.skip(" ") ? cursor.number(digits: 1) : cursor.number(digits: 2), cursor.skip(" "),
            let clock = cursor.clock(), cursor.skip(" "), let year = cursor.number(digits: 4)
        else { return nil }
        return CivilTime(
            year: year, month: month + 1, day: day, hour: clock.hour, minute: clock.minute, second: clock.second)
    }

    private static var zone: UnsafeBufferPointer<UInt8> {
        let text: StaticString = " GMT"
        return UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private static var weekdays: StaticString { "SunMonTueWedThuFriSat" }
    private static var months: StaticString { "JanFebMarAprMayJunJulAugSepOctNovDec" }

    private static func abbreviation(_ index: Int, in names: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: names.utf8Start + index * 3, count: 3)
    }
}
