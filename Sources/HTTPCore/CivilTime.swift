/// A date of the Gregorian calendar with a time of day, in UTC. Days are counted with Howard Hinnant's algorithms
/// (*chrono-Compatible Low-Level Date Algorithms*): whole numbers only, no time zone, no locale.
struct CivilTime: Sendable, Hashable {
    var year: Int
    /// 1 to 12.
    var month: Int
    /// From 1.
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int

    /// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: what has four digits for its year.
    static let unixSecondsRange = -62_167_219_200...253_402_300_799

    init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// - Parameter unixSeconds: since 1970, clamped to the years 0 to 9999.
    init(unixSeconds: Int) {
        let seconds = min(max(unixSeconds, Self.unixSecondsRange.lowerBound), Self.unixSecondsRange.upperBound)
        let days = floorDivide(seconds, by: 86_400)
        let time = seconds - days * 86_400
        let shifted = days + 719_468
        let era = floorDivide(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        self.month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
        self.hour = time / 3_600
        self.minute = time / 60 % 60
        self.second = time % 60
    }

    /// Seconds since 1970.
    var unixSeconds: Int {
        self.days * 86_400 + self.hour * 3_600 + self.minute * 60 + self.second
    }

    /// 0 is Sunday.
    var weekday: Int {
        let weekday = (self.days + 4) % 7
        return weekday < 0 ? weekday + 7 : weekday
    }

    /// Whether the date exists and the time is one of a day. A leap second (60) is none, since Unix time has no place
    /// for it.
    var isValid: Bool {
        (0...9_999).contains(self.year) && (1...12).contains(self.month)
            && (1...Self.daysInMonth(self.month, of: self.year)).contains(self.day)
            && (0..<24).contains(self.hour) && (0..<60).contains(self.minute) && (0..<60).contains(self.second)
    }

    /// Days since 1970-01-01.
    private var days: Int {
        let year = self.month <= 2 ? self.year - 1 : self.year
        let era = floorDivide(year, by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (self.month > 2 ? self.month - 3 : self.month + 9) + 2) / 5 + self.day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// The quotient rounded towards minus infinity.
func floorDivide(_ number: Int, by divisor: Int) -> Int {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// Writes the last `digits` decimal digits of a number that is not negative.
    @inline(__always)
    func write(_ number: Int, digits: Int, at offset: Int) {
        var rest = UInt32(truncatingIfNeeded: number)
        var index = offset + digits
        while index > offset {
            index -= 1
            self[index] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
    }

    func write(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) {
        for index in 0..<text.count { self[offset + index] = text[index] }
    }

    /// Writes eight bytes: `08:49:37`.
    func writeClock(_ time: CivilTime, at offset: Int) {
        self.write(time.hour, digits: 2, at: offset)
        self[offset + 2] = 0x3A
        self.write(time.minute, digits: 2, at: offset + 3)
        self[offset + 5] = 0x3A
        self.write(time.second, digits: 2, at: offset + 6)
    }
}
