import Testing

@testable import HTTPCore

@Suite("Dates")
struct DateTests {
    @Test(
        "IMF-fixdate is written and read",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_795_230_245, "Sat, 21 Nov 2026 03:04:05 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT"),
        ])
    func httpDate(seconds: Int, text: String) {
        #expect(HTTPDate.string(unixSeconds: seconds) == text)
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test("The two obsolete forms are read")
    func obsoleteForms() {
        #expect(HTTPDate.parse("Sunday, 06-Nov-94 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.parse("Sun Nov  6 08:49:37 1994") == 784_111_777)
        #expect(HTTPDate.parse("Sat Nov 21 03:04:05 2026") == 1_795_230_245)
        #expect(HTTPDate.parse("Saturday, 21-Nov-26 03:04:05 GMT") == 1_795_230_245)
    }

    @Test(
        "What is no HTTP date is refused",
        arguments: [
            "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 GMT ",
            "sun, 06 Nov 1994 08:49:37 GMT", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:60 GMT",
            "Fri, 30 Feb 2001 00:00:00 GMT", "Sun, 06 Nop 1994 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT", "Sunday 06-Nov-94 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "0",
        ])
    func refused(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }

    @Test(
        "Timestamps are written and read",
        arguments: [
            (1_795_230_245_123_456, "2026-11-21T03:04:05.123456Z"), (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"), (1_000, "1970-01-01T00:00:00.001000Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (951_868_799_000_001, "2000-02-29T23:59:59.000001Z"),
        ])
    func timestamps(microseconds: Int, text: String) {
        #expect(RFC3339.string(microseconds: microseconds) == text)
        #expect(RFC3339.parse(text) == microseconds)
    }

    @Test(
        "Other spellings of a timestamp are read",
        arguments: [
            ("2026-11-21T03:04:05Z", 1_795_230_245_000_000), ("2026-11-21t03:04:05z", 1_795_230_245_000_000),
            ("2026-11-21T03:04:05.1Z", 1_795_230_245_100_000), ("2026-11-21T03:04:05.1234569Z", 1_795_230_245_123_456),
            ("2026-11-21T05:04:05+02:00", 1_795_230_245_000_000),
            ("2026-11-20T21:34:05.5-05:30", 1_795_230_245_500_000),
            ("2026-11-21T03:04:05-00:00", 1_795_230_245_000_000),
        ])
    func otherTimestamps(text: String, microseconds: Int) {
        #expect(RFC3339.parse(text) == microseconds)
    }

    @Test(
        "What is no timestamp is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T03:04:05", "2026-11-21 03:04:05Z", "2026-11-21T03:04Z",
            "2026-11-21T03:04:05.Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-11-21T24:00:00Z", "2026-11-21T03:04:60Z", "2026-11-21T03:04:05+24:00", "2026-11-21T03:04:05+0200",
            "2026-11-21T03:04:05ZZ", "+026-11-21T03:04:05Z", "2026-11-21T03:04:05,5Z", "26-11-21T03:04:05Z",
        ])
    func refusedTimestamps(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test("Every day of eight centuries is counted as the calendar counts it")
    func calendar() {
        var expected = CivilTime(year: 1_600, month: 1, day: 1, hour: 12, minute: 34, second: 56)
        let start = expected.unixSeconds
        var weekday = expected.weekday
        for day in 0..<(2 * 146_097) {
            let time = CivilTime(unixSeconds: start + day * 86_400)
            if time != expected || time.unixSeconds != start + day * 86_400 || time.weekday != weekday || !time.isValid
            {
                Issue.record("day \(day): \(time), expected \(expected)")
                return
            }
            weekday = (weekday + 1) % 7
            expected.day += 1
            guard !expected.isValid else { continue }
            expected.day = 1
            expected.month += 1
            guard expected.month > 12 else { continue }
            expected.month = 1
            expected.year += 1
        }
    }

    @Test("Times outside the years 0 to 9999 are clamped")
    func clamped() {
        #expect(HTTPDate.string(unixSeconds: .max) == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(HTTPDate.string(unixSeconds: .min) == "Sat, 01 Jan 0000 00:00:00 GMT")
        #expect(RFC3339.string(microseconds: .max).hasPrefix("9999-12-31T23:59:59."))
        #expect(RFC3339.string(microseconds: .min).hasPrefix("0000-01-01T00:00:00."))
    }
}
