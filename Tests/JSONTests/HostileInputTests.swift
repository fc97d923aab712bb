import JSON
import Testing

@Suite("JSON from strangers")
struct HostileInputTests {
    @Test("Nesting is read down to the limit and refused below it", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depth(_ open: String, _ close: String) {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth) + (open == "[" ? "" : "1") + String(repeating: close, count: depth)
        }
        #expect(refusal(nested(64)) == nil)
        #expect(refusal(nested(65))?.reason == .tooDeep(depthMax: 64))
        #expect(refusal(String(repeating: open, count: 100_000))?.reason == .tooDeep(depthMax: 64))
    }

    @Test("Depth counts what is open, not what has been closed")
    func breadth() {
        #expect(refusal("[" + String(repeating: "[[]],{\"a\":[]},", count: 1_000) + "1]") == nil)
    }

    @Test("A document is read up to the byte limit and refused past it")
    func size() {
        let limits = JSONLimits(documentBytesMax: 10)
        #expect(refusal(Array("12345678  ".utf8), limits: limits) == nil)
        #expect(
            refusal(Array("12345678   ".utf8), limits: limits)
                == JSONParseError(offset: 10, reason: .tooLarge(bytesMax: 10)))
        #expect(refusal([UInt8](repeating: 0x20, count: 1_048_577))?.reason == .tooLarge(bytesMax: 1_048_576))
    }

    @Test("A document is read up to the number of its values and refused past it")
    func values() {
        let limits = JSONLimits(valuesMax: 5)
        #expect(refusal(Array("[0,{\"a\":[]},0]".utf8), limits: limits) == nil)
        #expect(
            refusal(Array("[0,{\"a\":[]},0,0]".utf8), limits: limits)
                == JSONParseError(offset: 14, reason: .tooMany(valuesMax: 5)))
        #expect(JSONParseError.Reason.tooMany(valuesMax: 5).description == "more than 5 values")
    }

    @Test("A number of absurd length is refused where it begins")
    func longNumber() {
        let digits = String(repeating: "9", count: 128)
        #expect(refusal(digits) == nil)
        #expect(refusal("[1, \(digits)9]") == JSONParseError(offset: 4, reason: .numberTooLong(bytesMax: 128)))
        #expect(refusal("0." + String(repeating: "0", count: 1_000_000))?.reason == .numberTooLong(bytesMax: 128))
        #expect(refusal("1e" + String(repeating: "9", count: 1_000))?.reason == .numberTooLong(bytesMax: 128))
    }

    @Test("Every truncation of a document ends in an error, never in a value")
    func truncations() {
        let document = Array(
            #" {"a":[1,-2.5e+10,true,false,null],"b\u00e9\ud83d\ude00é":{"c":"\\\"\n/😀","d":[[],{}]},"e":""} "#.utf8)
        #expect(refusal(document) == nil)
        for length in 0..<(document.count - 1) {
            let error = refusal(document[..<length])
            #expect(error != nil, "the first \(length) bytes were read")
            #expect((error?.offset ?? 0) <= length)
        }
    }

    @Test("Each single byte put in place of another gives a value or an error within the document")
    func replacements() {
        let document = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é"],"b":true}"#.utf8)
        for position in document.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = document
                changed[position] = byte
                if let error = refusal(changed) { #expect((0...changed.count).contains(error.offset)) }
            }
        }
    }

    static let invalidUTF8: [([UInt8], Int)] = [
        ([0x80], 0), ([0xBF], 0), ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0), ([0xC2], 0), ([0xC2, 0x41], 0),
        ([0xE0, 0x9F, 0xBF], 0),
        ([0xE0, 0xA0], 0), ([0xE2, 0x82, 0x41], 0), ([0xED, 0xA0, 0x80], 0), ([0xED, 0xBF, 0xBF], 0),
        ([0xF0, 0x8F, 0xBF, 0xBF], 0),
        ([0xF0, 0x9F, 0x98], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xFE], 0), ([0xFF], 0),
        ([0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0xFF, 0x41], 9), ([0xC3, 0xA9, 0xE2, 0x82], 2),
    ]

    @Test("Invalid UTF-8 is refused where it begins, in values, keys and beside escapes", arguments: invalidUTF8)
    func refusesInvalidUTF8(_ bytes: [UInt8], at offset: Int) {
        let quote: [UInt8] = [0x22]
        #expect(refusal(quote + bytes + quote) == JSONParseError(offset: offset + 1, reason: .invalidUTF8))
        #expect(refusal(Array("{".utf8) + quote + bytes + quote + Array(":1}".utf8))?.reason == .invalidUTF8)
        #expect(
            refusal(quote + Array("\\n".utf8) + bytes + quote)
                == JSONParseError(offset: offset + 3, reason: .invalidUTF8))
        #expect(refusal(quote + bytes + Array("\\n".utf8) + quote)?.reason == .invalidUTF8)
        #expect(refusal(bytes) != nil)
    }

    @Test("UTF-8 is judged as the standard library judges it, for every pair of bytes and many longer runs")
    func agreesOnUTF8() {
        for first in UInt8(0x80)...0xFF {
            for second in UInt8(0x80)...0xFF {
                for tail: [UInt8] in [[], [0x80], [0xBF, 0x80], [0x41]] {
                    let run = [first, second] + tail
                    let isValid = String(validating: run, as: UTF8.self) != nil
                    #expect((refusal([0x22] + run + [0x22]) == nil) == isValid, "\(run)")
                }
            }
        }
    }

    @Test("Random bytes give a value or an error")
    func noise() {
        var random = SplitMix64(state: 0xC0FFEE)
        let alphabet = Array("{}[]:,\"\\u0123456789abcdefDE+-. \ntrufalsn\u{e9}".utf8)
        for _ in 0..<20_000 {
            let length = Int(random.next() % 40)
            let bytes = (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            if let error = refusal(bytes) { #expect((0...length).contains(error.offset)) }
        }
    }

    @Test("An object of very many members is read in linear time, and its last name still must be new")
    func manyMembers() {
        let members = (0..<50_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(refusal("{\(members)}") == nil)
        #expect(refusal("{\(members),\"49999\":1}")?.reason == .duplicateKey)
    }
}

/// A small generator with a seed, so that a failure can be had again.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
