import JSON

/// Writes times as `"2026-11-21T03:04:05.123456Z"`, RFC 3339 in UTC, without a string between.
///
/// Times of one list are often of one day, and often the same: only what differs from the time before is worked out.
struct TimestampText {
    private var text: InlineArray<29, UInt8>
    private var microseconds: Int?
    private var day: Int?

    private static let microsecondsPerDay = 86_400_000_000
    /// The years 0 to 9999.
    private static let range = -62_167_219_200_000_000...253_402_300_799_999_999

    init() {
        self.text = InlineArray(repeating: UInt8(ascii: "0"))
        for index in [0, 28] { self.text[index] = UInt8(ascii: "\"") }
        for index in [5, 8] { self.text[index] = UInt8(ascii: "-") }
        for index in [14, 17] { self.text[index] = UInt8(ascii: ":") }
        self.text[11] = UInt8(ascii: "T")
        self.text[20] = UInt8(ascii: ".")
        self.text[27] = UInt8(ascii: "Z")
    }

    /// - Parameter microseconds: since 1970, clamped to the years 0 to 9999.
    mutating func write(_ microseconds: Int, to writer: inout JSONWriter) {
        if self.microseconds != microseconds { self.render(microseconds) }
        self.text.span.withUnsafeBufferPointer { writer.raw(bytes: $0) }
    }

    private mutating func render(_ microseconds: Int) {
        let clamped = min(max(microseconds, Self.range.lowerBound), Self.range.upperBound)
        let (quotient, remainder) = clamped.quotientAndRemainder(dividingBy: Self.microsecondsPerDay)
        let day = remainder < 0 ? quotient - 1 : quotient
        let time = clamped - day * Self.microsecondsPerDay
        if self.day != day { self.renderDay(day) }
        let seconds = time / 1_000_000
        self.put(seconds / 3_600, at: 12)
        self.put(seconds / 60 % 60, at: 15)
        self.put(seconds % 60, at: 18)
        let fraction = time % 1_000_000
        self.put(fraction / 10_000, at: 21)
        self.put(fraction / 100 % 100, at: 23)
        self.put(fraction % 100, at: 25)
        self.microseconds = microseconds
    }

    /// Days since 1970 to a date of the Gregorian calendar, in eras of 400 years that begin in March.
    ///
    /// - SeeAlso: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    private mutating func renderDay(_ day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.put(year / 100, at: 1)
        self.put(year % 100, at: 3)
        self.put(month, at: 6)
        self.put(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, at: 9)
        self.day = day
    }

    private mutating func put(_ number: Int, at index: Int) {
        self.text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        self.text[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    }
}
