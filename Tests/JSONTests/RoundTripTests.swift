import JSON
import Testing

@Suite("JSON round trips")
struct RoundTripTests {
    @Test("What is read can be written and reads back equal", arguments: ConformanceTests.accepted)
    func corpus(_ text: String) throws {
        let value = try JSONValue(parsing: text)
        let again = written { $0.value(value) }
        let reread = try JSONValue(parsing: again)
        #expect(reread == value)
        #expect(written { $0.value(reread) } == again)
    }

    @Test("Trees made at random survive being written and read")
    func trees() throws {
        var random = SplitMix64(state: 42)
        for _ in 0..<400 {
            let tree = RoundTripTests.tree(&random, depth: 5)
            let text = written { $0.value(tree) }
            #expect(try JSONValue(parsing: text) == tree, "\(text)")
        }
    }

    @Test("Strings made of any scalars survive being written and read, as keys too")
    func strings() throws {
        var random = SplitMix64(state: 1)
        for _ in 0..<2_000 {
            let string = RoundTripTests.string(&random)
            let text = written {
                $0.beginObject(); $0.key(escaping: string); $0.value(string); $0.endObject()
            }
            let object = try #require(try JSONValue(parsing: text).object)
            #expect(object.keys.map { Array($0.utf8) } == [Array(string.utf8)])
            #expect(object[string]?.string.map { Array($0.utf8) } == Array(string.utf8))
        }
    }

    private static func tree(_ random: inout SplitMix64, depth: Int) -> JSONValue {
        switch random.next() % (depth == 0 ? 4 : 6) {
        case 0: return .null
        case 1: return .bool(random.next() % 2 == 0)
        case 2: return .number(JSONNumber(Int(truncatingIfNeeded: random.next()) >> Int(random.next() % 64)))
        case 3: return .string(self.string(&random))
        case 4: return .array((0..<Int(random.next() % 5)).map { _ in self.tree(&random, depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int(random.next() % 20) {
                object.append(self.string(&random), self.tree(&random, depth: depth - 1))
            }
            return .object(object)
        }
    }

    /// Half of the scalars are ASCII, where all that needs an escape is.
    private static func string(_ random: inout SplitMix64) -> String {
        var string = ""
        for _ in 0..<Int(random.next() % 50) {
            let code = random.next() % 2 == 0 ? random.next() % 0x80 : random.next() % 0x11_0000
            if let scalar = Unicode.Scalar(UInt32(code)) { string.unicodeScalars.append(scalar) }
        }
        return string
    }
}
