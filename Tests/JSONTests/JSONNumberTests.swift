import JSON
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
    func number(_ text: String) throws -> JSONNumber {
        try #require(try JSONValue(parsing: text).number)
    }

    static let money: [(String, Int?)] = [
        ("19.99", 1999), ("0.01", 1), ("0.1", 10), ("1", 100), ("1.0", 100), ("1.00", 100), ("0", 0), ("0.00", 0),
        ("-0.05", -5), ("-19.99", -1999),
        ("0.07", 7), ("0.29", 29), ("1.15", 115), ("4.35", 435), ("8.41", 841), ("1005.15", 100_515),
        ("4503599627370497.5", 450_359_962_737_049_750),
        ("1.2e1", 1200), ("1999e-2", 1999), ("0.1999E2", 1999), ("19.990", 1999), ("100e-2", 100), ("1e2", 10_000),
        ("-0", 0), ("0e999999", 0),
        ("92233720368547758.07", .max), ("-92233720368547758.08", .min),
        // A third decimal is not rounded away, and what does not fit is not clipped.
        ("19.999", nil), ("0.001", nil), ("1e-3", nil), ("92233720368547758.08", nil), ("-92233720368547758.09", nil),
        ("1e17", nil), ("1e400", nil),
        ("1e-400", nil), ("123456789012345678901234567890", nil), ("1e99999999999999999999", nil),
        ("1e-99999999999999999999", nil),
        ("0.00000000000000000000000000000000000000000000000001", nil),
    ]

    @Test("An amount of money is exact in hundredths, or refused", arguments: money)
    func minorUnits(_ text: String, _ expected: Int?) throws {
        #expect(try self.number(text).minorUnits == expected)
    }

    static let integers: [(String, Int?)] = [
        ("0", 0), ("-0", 0), ("42", 42), ("-42", -42), ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ("9223372036854775808", nil),
        ("-9223372036854775809", nil), ("5.0", 5), ("5e0", 5), ("5e2", 500), ("500e-2", 5),
        ("1000000000000000000000e-21", 1), ("5.5", nil), ("5e-1", nil),
        ("1e18", 1_000_000_000_000_000_000), ("1e19", nil), ("0.0", 0), ("10", 10), ("100000", 100_000), ("1010", 1010),
        ("-1.10e1", -11),
    ]

    @Test("A whole number is an integer however it is written, when it fits", arguments: integers)
    func int(_ text: String, _ expected: Int?) throws {
        #expect(try self.number(text).int == expected)
    }

    static let doubles: [(String, Double?)] = [
        ("0.1", 0.1), ("1e-7", 1e-7), ("-2.5e3", -2500), ("1.7976931348623157e308", .greatestFiniteMagnitude),
        ("5e-324", .leastNonzeroMagnitude),
        ("1e309", nil), ("-1e309", nil), ("1e-400", 0),
    ]

    @Test("A double is the closest one, and never infinite", arguments: doubles)
    func double(_ text: String, _ expected: Double?) throws {
        #expect(try self.number(text).double == expected)
    }

    @Test("All amounts written by the writer come back as the same hundredths")
    func moneyRoundTrip() throws {
        for minorUnits in (-2_000...2_000).map({ $0 }) + [.min, .max, .min + 1, .max - 1, 99_999_999, 1_000_000_00] {
            let text = written { $0.decimal(minorUnits: minorUnits) }
            #expect(try self.number(text).minorUnits == minorUnits, "\(text)")
            #expect(text.utf8.suffix(3).first == UInt8(ascii: "."))
        }
    }

    @Test("Digits survive as they were written")
    func text() throws {
        #expect(try self.number("1.500E+03").text == "1.500E+03")
        #expect(JSONNumber(-7).text == "-7")
        #expect(try self.number("-7") == JSONNumber(-7))
    }
}
