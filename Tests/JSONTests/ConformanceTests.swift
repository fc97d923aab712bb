import JSON
import Testing

/// RFC 8259, input by input: what its grammar derives is taken, everything else is refused with a reason and a place.
@Suite("JSON grammar")
struct ConformanceTests {
    static let accepted: [String] = [
        // Any value at the top, white space of all four kinds around and inside.
        "null", "true", "false", "0", "\"\"", "[]", "{}",
        " null ", "\t[\n1 ,\r2 ]\n", "{ \"a\" : 1 , \"b\" : [ ] }", "[{ }]", "\r\n\t {}\r\n\t ",
        // Numbers.
        "-0", "-1", "10", "1234567890", "0.5", "-0.5", "1.0", "1e5", "1E5", "1e+5", "1e-5", "1.5E+10", "0e0", "0.0e-0",
        "123456789012345678901234567890", "1e400", "-1e-400", "0.1e1", "20e1",
        // Strings.
        "\"a\"", "\"\u{7f}\"", "\"é\"", "\"\u{2028}\u{2029}\"", "\"\u{10FFFF}\"", "\"\u{FFFE}\"", "\"/\"",
        #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9""#, #""\u00E9""#, #""\uD83D\uDE00""#, #""\ud800\udc00""#,
        #""\udbff\udfff""#, #""\uFFFF""#, #""\uFEFF""#, #""\\u0041""#, #""\"\"""#,
        // Arrays and objects.
        "[null]", "[1,2,3]", "[[],[[]]]", "[\"a\",1,true,null,{}]", #"{"a":1}"#, #"{"":0}"#, #"{"a":{"a":{"a":[]}}}"#,
        #"{"a":1,"A":2}"#, #"{"a b":1,"\u0000":2}"#, "[1\n]", "[\"\u{e9}\"]",
    ]

    @Test("Every document of the grammar is read", arguments: accepted)
    func reads(_ text: String) throws {
        #expect(refusal(text) == nil)
    }

    static let refused: [(String, JSONParseError.Reason, Int)] = [
        // Nothing, or something else.
        ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("\u{FEFF}null", .unexpectedByte(0xEF), 0),
        ("a", .unexpectedByte(0x61), 0), ("'a'", .unexpectedByte(0x27), 0), ("//x\n1", .unexpectedByte(0x2F), 0),
        ("/**/1", .unexpectedByte(0x2F), 0), ("\u{0B}1", .unexpectedByte(0x0B), 0),
        ("\u{A0}1", .unexpectedByte(0xC2), 0),
        ("\0", .unexpectedByte(0), 0), (",", .unexpectedByte(0x2C), 0), ("]", .unexpectedByte(0x5D), 0),
        // Literals.
        ("nul", .unexpectedEnd, 3), ("nuLl", .unexpectedByte(0x4C), 2), ("True", .unexpectedByte(0x54), 0),
        ("truee", .trailingContent, 4), ("NaN", .unexpectedByte(0x4E), 0), ("Infinity", .unexpectedByte(0x49), 0),
        ("undefined", .unexpectedByte(0x75), 0), ("nulll", .trailingContent, 4),
        // Two documents.
        ("1 2", .trailingContent, 2), ("{}{}", .trailingContent, 2), ("[]]", .trailingContent, 2),
        ("null,", .trailingContent, 4),
        ("1\0", .trailingContent, 1), ("{}x", .trailingContent, 2),
        // Numbers.
        ("-", .unexpectedEnd, 1), ("+1", .unexpectedByte(0x2B), 0), (".5", .unexpectedByte(0x2E), 0),
        ("1.", .unexpectedEnd, 2), ("1.e5", .malformedNumber, 2), ("01", .malformedNumber, 1),
        ("-01", .malformedNumber, 2),
        ("00", .malformedNumber, 1), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
        ("1e+-5", .malformedNumber, 3),
        ("1e1.5", .trailingContent, 3), ("0x10", .trailingContent, 1), ("1_000", .trailingContent, 1),
        ("--1", .malformedNumber, 1),
        ("-a", .malformedNumber, 1), ("1ee5", .malformedNumber, 2), ("1.2.3", .trailingContent, 3),
        ("-Infinity", .malformedNumber, 1),
        ("[-]", .malformedNumber, 2), ("[1.]", .malformedNumber, 3), ("\u{FF11}", .unexpectedByte(0xEF), 0),
        ("1a", .trailingContent, 1),
        // Strings.
        ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("\"\n\"", .controlCharacter(0x0A), 1),
        ("\"a\tb\"", .controlCharacter(0x09), 2), ("\"\0\"", .controlCharacter(0), 1),
        ("\"\u{1f}\"", .controlCharacter(0x1F), 1),
        (#""\x41""#, .malformedEscape, 2), (#""\'""#, .malformedEscape, 2), (#""\a""#, .malformedEscape, 2),
        (#""\U0041""#, .malformedEscape, 2),
        (#""\u004""#, .malformedEscape, 6), (#""\u00G1""#, .malformedEscape, 5), (#""\u{41}""#, .malformedEscape, 3),
        (#""\"#, .unexpectedEnd, 2), (#""\""#, .unexpectedEnd, 3), (#""\u12"#, .unexpectedEnd, 5),
        ("\"\\\n\"", .malformedEscape, 2),
        // Surrogates.
        (#""\uD800""#, .loneSurrogate, 1), (#""\uDC00""#, .loneSurrogate, 1), (#""\uDFFF\uD800""#, .loneSurrogate, 1),
        (#""\uD800\uD800""#, .loneSurrogate, 1), (#""\uD800\n""#, .loneSurrogate, 1),
        (#""\uD83Dx""#, .loneSurrogate, 1),
        (#""ab\uD800\u0041""#, .loneSurrogate, 3), (#""\uD83D\uDE0""#, .malformedEscape, 12),
        (#""\uD83D"#, .unexpectedEnd, 7),
        // Arrays.
        ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
        ("[1,]", .unexpectedByte(0x5D), 3),
        ("[,1]", .unexpectedByte(0x2C), 1), ("[1,,2]", .unexpectedByte(0x2C), 3), ("[1 2]", .unexpectedByte(0x32), 3),
        ("[1:2]", .unexpectedByte(0x3A), 2), ("[1}", .unexpectedByte(0x7D), 2),
        ("[\"a\"\"b\"]", .unexpectedByte(0x22), 4),
        // Objects.
        ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5),
        (#"{"a":1"#, .unexpectedEnd, 6),
        (#"{"a":1,"#, .unexpectedEnd, 7), (#"{"a":1,}"#, .unexpectedByte(0x7D), 7),
        (#"{"a"}"#, .unexpectedByte(0x7D), 4),
        (#"{"a",1}"#, .unexpectedByte(0x2C), 4), ("{a:1}", .unexpectedByte(0x61), 1),
        ("{1:1}", .unexpectedByte(0x31), 1),
        ("{null:1}", .unexpectedByte(0x6E), 1), (#"{"a":}"#, .unexpectedByte(0x7D), 5),
        (#"{"a"::1}"#, .unexpectedByte(0x3A), 5),
        (#"{"a":1 "b":2}"#, .unexpectedByte(0x22), 7), (#"{,"a":1}"#, .unexpectedByte(0x2C), 1),
        (#"{"a":1]"#, .unexpectedByte(0x5D), 6),
        ("{'a':1}", .unexpectedByte(0x27), 1),
        // Names twice, written differently too.
        (#"{"a":1,"a":1}"#, .duplicateKey, 7), (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7),
        (#"{"":1,"":2}"#, .duplicateKey, 6),
        (#"[{"x":{"k":1,"k":2}}]"#, .duplicateKey, 13),
    ]

    @Test("Everything else is refused, with the reason and the byte", arguments: refused)
    func refuses(_ text: String, reason: JSONParseError.Reason, offset: Int) {
        #expect(refusal(text) == JSONParseError(offset: offset, reason: reason))
    }

    @Test("A parsed document holds what the text says")
    func holds() throws {
        let value = try JSONValue(
            parsing: #"{"name":"Desk \u00e9\ud83d\ude00\n","n":[1,-2.50,null],"on":true,"off":false,"in":{}}"#)
        #expect(value["name"]?.string == "Desk é😀\n")
        #expect(value["n"]?.array?.map(\.int) == [1, nil, nil])
        #expect(value["n"]?.array?[1].number?.text == "-2.50")
        #expect(value["n"]?.array?[2].isNull == true)
        #expect(value["on"]?.bool == true)
        #expect(value["off"]?.bool == false)
        #expect(value["in"]?.object?.isEmpty == true)
        #expect(value["missing"] == nil)
        #expect(value.object?.keys == ["name", "n", "on", "off", "in"])
    }

    @Test("The content of a value is given out only as what it is")
    func kinds() throws {
        let text = try JSONValue(parsing: "\"1\"")
        #expect(
            text.int == nil && text.double == nil && text.bool == nil && text.array == nil && text.object == nil
                && !text.isNull)
        let number = try JSONValue(parsing: "1")
        #expect(
            number.string == nil && number.bool == nil && number["a"] == nil && number.int == 1 && number.double == 1)
    }

    @Test("Text, a slice, raw memory and a sequence without contiguous storage read the same")
    func sources() throws {
        let text = #"{"a":[1,"x"]}"#
        let expected = try JSONValue(parsing: text)
        let bytes = Array(text.utf8)
        #expect(try JSONValue(parsing: bytes) == expected)
        #expect(try JSONValue(parsing: ([0x20] + bytes + [0x21])[1...bytes.count]) == expected)
        #expect(try bytes.withUnsafeBytes { try JSONValue(parsing: $0) } == expected)
        #expect(try JSONValue(parsing: Array(bytes.reversed()).reversed()) == expected)
    }

    @Test("An error says what and where in words, and repeats nothing of the document")
    func words() {
        #expect(refusal("[1,]").map(\.description) == "unexpected byte 0x5d at byte 3")
        #expect(refusal("{\"secret\":1,\"secret\":2}").map { "\($0)".contains("secret") } == false)
    }
}
