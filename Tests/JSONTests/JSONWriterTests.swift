import JSON
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    @Test("Commas and colons come by themselves")
    func structure() {
        let text = written { writer in
            writer.beginObject()
            writer.key("items")
            writer.beginArray()
            for index in 0..<2 {
                writer.beginObject()
                writer.field("n", index)
                writer.field("s", "x")
                writer.endObject()
            }
            writer.value(1)
            writer.beginArray()
            writer.endArray()
            writer.beginArray()
            writer.null()
            writer.endArray()
            writer.endArray()
            writer.key("empty")
            writer.beginObject()
            writer.endObject()
            writer.field("last", true)
            writer.endObject()
        }
        #expect(text == #"{"items":[{"n":0,"s":"x"},{"n":1,"s":"x"},1,[],[null]],"empty":{},"last":true}"#)
    }

    @Test("A field is the same as its key and its value")
    func fields() {
        let short = written { writer in
            writer.beginObject()
            writer.field("s", "a\"b")
            writer.field("present", String?.some("x"))
            writer.field("absent", nil)
            writer.field("i", -5)
            writer.field("u", UInt64.max)
            writer.field("b", false)
            writer.field("d", 0.25)
            writer.field("m", minorUnits: 1999)
            writer.field("v", .array([.null, .number(JSONNumber(3))]))
            Array("é".utf8).withUnsafeBufferPointer { writer.field("bytes", utf8: $0) }
            writer.endObject()
        }
        let long = written { writer in
            writer.beginObject()
            writer.key("s"); writer.value("a\"b")
            writer.key("present"); writer.value("x")
            writer.key("absent"); writer.null()
            writer.key("i"); writer.value(-5)
            writer.key("u"); writer.value(UInt64.max)
            writer.key("b"); writer.value(false)
            writer.key("d"); writer.value(0.25)
            writer.key("m"); writer.decimal(minorUnits: 1999)
            writer.key("v"); writer.raw("[null,3]")
            writer.key(escaping: "bytes"); writer.value("é")
            writer.endObject()
        }
        #expect(short == long)
        #expect(
            short.hasPrefix(
                #"{"s":"a\"b","present":"x","absent":null,"i":-5,"u":18446744073709551615,"b":false,"d":0.25,"m":19.99,"#
            ))
    }

    @Test("Every byte below U+0020, the quote and the backslash are escaped, and nothing else is")
    func escapes() {
        for scalar in (0..<0x100).compactMap({ Unicode.Scalar($0 as Int) }) {
            let text = written { $0.value(String(Character(scalar))) }
            let expected: String =
                switch scalar {
                case "\"": #""\"""#
                case "\\": #""\\""#
                case "\n": #""\n""#
                case "\r": #""\r""#
                case "\t": #""\t""#
                case "\u{8}": #""\b""#
                case "\u{c}": #""\f""#
                case "\0"..<" ": "\"\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16) + "\""
                default: "\"" + String(Character(scalar)) + "\""
                }
            #expect(text == expected)
        }
    }

    @Test("An escape is found wherever it stands in strings of every length up to three blocks")
    func escapePositions() throws {
        for length in 1...100 {
            let clean =
                String(repeating: "é", count: length / 2) + String(repeating: "a", count: length - length / 2 * 2)
            #expect(written { $0.value(clean) } == "\"" + clean + "\"")
            for position in 0..<length {
                for dirty in [0x00, 0x1F, 0x22, 0x5C] as [UInt8] {
                    var bytes = [UInt8](repeating: 0x61, count: length)
                    bytes[position] = dirty
                    let string = String(decoding: bytes, as: UTF8.self)
                    #expect(try JSONValue(parsing: written { $0.value(string) }).string == string)
                    let field = written {
                        $0.beginObject(); $0.field("k", string); $0.endObject()
                    }
                    #expect(try JSONValue(parsing: field)["k"]?.string == string)
                }
            }
        }
    }

    @Test("Bytes just beside those that need an escape are left alone")
    func neighbours() {
        for length in [1, 7, 8, 9, 16, 31, 32, 33, 64, 100] {
            for byte in [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F] as [UInt8] {
                let string = String(decoding: [UInt8](repeating: byte, count: length), as: UTF8.self)
                #expect(written { $0.value(string) } == "\"" + string + "\"")
            }
        }
    }

    @Test("Invalid UTF-8 given as bytes becomes U+FFFD, and the document stays valid")
    func repairs() throws {
        let bytes: [UInt8] = [0x61, 0xFF, 0x22, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x0A]
        let text = bytes.withUnsafeBufferPointer { buffer in written { $0.value(utf8: buffer) } }
        #expect(try JSONValue(parsing: text).string == String(decoding: bytes, as: UTF8.self))
        let field = bytes.withUnsafeBufferPointer { buffer in
            written {
                $0.beginObject(); $0.field("k", utf8: buffer); $0.endObject()
            }
        }
        #expect(field == "{\"k\":" + text + "}")
    }

    static let integers: [Int] = [
        0, 1, 9, 10, 99, 100, 101, 999, 1_000, 9_999, 10_000, 10_001, 99_999, 100_000, 12_345_678, 99_999_999,
        100_000_000,
        1_234_567_890_123_456_789, .max, .min, -1, -9, -10, -99, -100, -12_345,
    ]

    @Test("Integers are written digit for digit", arguments: integers)
    func writesInteger(_ integer: Int) {
        #expect(written { $0.value(integer) } == String(integer))
        #expect(
            written {
                $0.beginObject(); $0.field("n", integer); $0.endObject()
            } == "{\"n\":\(integer)}")
    }

    @Test("Every power of ten and its neighbours have the right number of digits")
    func powersOfTen() {
        var power: UInt64 = 1
        for _ in 0..<20 {
            for value in [power &- 1, power, power + 1] { #expect(written { $0.value(value) } == String(value)) }
            power = power.multipliedReportingOverflow(by: 10).partialValue
        }
        #expect(written { $0.value(UInt64.max) } == "18446744073709551615")
    }

    static let amounts: [(Int, String)] = [
        (0, "0.00"), (1, "0.01"), (10, "0.10"), (99, "0.99"), (100, "1.00"), (1999, "19.99"), (-1, "-0.01"),
        (-5, "-0.05"), (-100, "-1.00"),
        (-1999, "-19.99"), (123_456_789, "1234567.89"), (.max, "92233720368547758.07"), (.min, "-92233720368547758.08"),
    ]

    @Test("Money always has two decimals", arguments: amounts)
    func writesMoney(_ minorUnits: Int, _ expected: String) {
        #expect(written { $0.decimal(minorUnits: minorUnits) } == expected)
    }

    static let doubles: [(Double, String)] = [
        (0, "0"), (1, "1"), (-3, "-3"), (0.1, "0.1"), (1.5, "1.5"), (1e20, "1e+20"), (1e-7, "1e-07"),
        (9_007_199_254_740_991, "9007199254740991"),
        (-0.0, "-0.0"), (.infinity, "null"), (-.infinity, "null"), (.nan, "null"), (1.0 / 3.0, "0.3333333333333333"),
    ]

    @Test("Doubles are written in the fewest digits, those that JSON cannot hold as null", arguments: doubles)
    func writesDouble(_ number: Double, _ expected: String) {
        #expect(written { $0.value(number) } == expected)
    }

    @Test("Every double that is written reads back as the same one")
    func doubleRoundTrip() throws {
        var random = SplitMix64(state: 7)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            let text = written { $0.value(number) }
            #expect(try JSONValue(parsing: text).double?.bitPattern == number.bitPattern, "\(text)")
        }
    }

    @Test("Rendered pieces take part in the commas, and empty ones leave no trace")
    func raw() {
        let text = written { writer in
            writer.beginObject()
            writer.raw(#""a":1,"b":2"#)
            writer.raw(bytes: [])
            writer.field("c", 3)
            writer.raw(bytes: Array(#""d":4"#.utf8))
            writer.endObject()
        }
        #expect(text == #"{"a":1,"b":2,"c":3,"d":4}"#)
    }

    @Test("Lines are documents of their own")
    func lines() {
        let text = written { writer in
            for index in 0..<2 {
                writer.beginObject()
                writer.field("n", index)
                writer.endObject()
                writer.endLine()
            }
        }
        #expect(text == "{\"n\":0}\n{\"n\":1}\n")
    }

    @Test("A buffer is used again without its content, or continued behind it")
    func buffers() {
        var writer = JSONWriter(reusing: Array("old".utf8))
        writer.value("a")
        writer.value("b")
        #expect(writer.bytes == Array(#""a","b""#.utf8))
        writer.reset()
        writer.value("c")
        #expect(writer.bytes == Array(#""c""#.utf8))
        var appended = JSONWriter(appendingTo: Array("data: ".utf8))
        appended.value(1)
        #expect(appended.bytes == Array("data: 1".utf8))
    }

    @Test("A copy of a writer goes its own way")
    func copies() {
        var one = JSONWriter()
        one.beginArray()
        var other = one
        one.value(1)
        other.value("two")
        one.endArray()
        other.endArray()
        #expect(one.bytes == Array("[1]".utf8))
        #expect(other.bytes == Array("[\"two\"]".utf8))
    }

    @Test("The buffer grows past its first capacity without losing a byte")
    func growth() throws {
        var writer = JSONWriter(capacity: 1)
        writer.beginArray()
        for index in 0..<10_000 { writer.value("value \(index) \\ end") }
        writer.endArray()
        let values = try #require(try JSONValue(parsing: writer.bytes).array)
        #expect(values.count == 10_000)
        #expect(values[9_999].string == "value 9999 \\ end")
    }
}
