import ShellTesting
import Protobuf
import Testing

@Suite("The wire format beside protoc's")
struct OracleTests {
    static let texts = [
        "",
        "single_double: -0.0 single_float: -0.0",
        "single_double: 1.7976931348623157e308 single_float: 3.4028235e38 optional_double: inf optional_float: -inf",
        "single_double: 5e-324 repeated_double: [0, 1.5, -2] repeated_float: [0.1, -0.0]",
        "single_int32: -1 single_int64: -9223372036854775808 single_uint32: 4294967295",
        "single_int32: 2147483647 single_int64: 9223372036854775807 single_uint64: 18446744073709551615",
        "single_sint32: -2147483648 single_sint64: -9223372036854775808",
        "single_sint32: 2147483647 single_sint64: 9223372036854775807 optional_sint32: -1 optional_sint64: 1",
        "single_fixed32: 4294967295 single_fixed64: 18446744073709551615 single_sfixed32: -1 single_sfixed64: -2",
        "single_bool: true single_string: \"Grüße, 世界 \\000 🎁\" single_bytes: \"\\377\\000\\001\"",
        "single_mood: MOOD_BAD optional_mood: MOOD_WORST repeated_mood: [MOOD_GOOD, MOOD_BAD, MOOD_UNSPECIFIED]",
        "optional_int32: 0 optional_string: \"\" optional_bool: false optional_bytes: \"\" optional_mood: MOOD_UNSPECIFIED",
        "optional_double: 0 optional_fixed32: 0 optional_sfixed64: 0 optional_uint64: 0 optional_float: 0",
        "repeated_int32: [0, 1, -1, 300, 2147483647] repeated_sint32: [0, -1, 1, 64] repeated_bool: [true, false]",
        "repeated_fixed32: [1, 2] repeated_fixed64: [3, 4] repeated_sfixed32: [-1] repeated_sfixed64: [-2, 0]",
        "repeated_uint32: [0, 128] repeated_uint64: [16384] repeated_int64: [-1, 0] repeated_sint64: [-64, 64]",
        "repeated_string: [\"\", \"a\", \"\"] repeated_bytes: [\"\", \"\\200\"]",
        "repeated_inner: {} repeated_inner: { number: 1 more: { text: \"deep\" } more: {} }",
        "unpacked_int32: [1, -1] unpacked_double: [1, 2] unpacked_sint64: [-1, 0] unpacked_mood: [MOOD_BAD]",
        "single_inner: {} child: { child: { child: { single_int32: 5 } } }",
        "choice_string: \"\"", "choice_int64: 0", "choice_bytes: \"\\001\"", "choice_mood: MOOD_UNSPECIFIED",
        "choice_inner: { number: -5 }", "choice_everything: { choice_everything: { choice_int64: 1 } }",
        "map_int32: { key: -1 value: 2 } map_int32: { key: 5 value: 0 } map_int32: { key: 0 value: 1 }",
        "map_string: { key: \"\" value: 1 } map_string: { key: \"b\" value: 2 } map_string: { key: \"a\" value: 3 }",
        "map_bool: { key: true value: 1 } map_bool: { key: false value: 2 } map_uint64: { key: 18446744073709551615 }",
        "map_sint32: { key: -1 value: 1 } map_sint64: { key: -2 } map_fixed32: { key: 7 } map_fixed64: { key: 8 }",
        "map_sfixed32: { key: -7 } map_sfixed64: { key: -8 } map_uint32: { key: 4294967295 } map_int64: { key: -9 }",
        "map_to_inner: { key: \"x\" value: { number: 1 } } map_to_mood: { key: \"y\" value: MOOD_BAD }",
        "map_to_bytes: { key: \"x\" value: \"\\000\" } map_to_double: { key: \"z\" value: 0.5 } "
            + "map_to_string: { key: \"s\" value: \"t\" }",
        "single_string: \"\(String(repeating: "x", count: 127))\" single_bytes: \"\(String(repeating: "y", count: 128))\"",
        "child: { child: { single_string: \"\(String(repeating: "z", count: 20_000))\" } single_int32: 1 } ",
    ]

    @Test("What protoc encodes is read, and written as protoc writes it", arguments: texts)
    func sameBytes(text: String) throws {
        let encoded = Protoc.encode(text)
        try #require(encoded.status == 0, "\(encoded.errors)")
        let message = try TestingV1.Everything(decoding: encoded.output)
        #expect(message.bytes == encoded.output)
        #expect(text.isEmpty == encoded.output.isEmpty)
    }

    @Test("protoc reads what is written, and sees the same in it", arguments: texts)
    func sameText(text: String) throws {
        let encoded = Protoc.encode(text).output
        let ours = Protoc.decode(try TestingV1.Everything(decoding: encoded).bytes)
        #expect(ours.status == 0)
        #expect(ours.text == Protoc.decode(encoded).text)
    }

    @Test("Messages of random values are read back, and protoc reads and writes the same")
    func random() throws {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<40 {
            let message = TestingV1.Everything.random(depth: 3, using: &generator)
            let bytes = message.bytes
            #expect(try TestingV1.Everything(decoding: bytes) == message)
            #expect(try TestingV1.Everything(decoding: bytes).bytes == bytes)
            let text = Protoc.decode(bytes)
            try #require(text.status == 0, "\(text.errors)")
            #expect(Protoc.encode(text.text).output == bytes)
        }
    }
}
