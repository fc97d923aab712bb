import Protobuf
import Testing

private typealias Everything = TestingV1.Everything

@Suite("Decoding")
struct DecodingTests {
    private func decode(_ bytes: [UInt8]) throws -> Everything { try Everything(decoding: bytes) }

    /// Why bytes are refused.
    private func refusal(_ bytes: [UInt8], _ limits: ProtobufLimits = ProtobufLimits()) -> ProtobufError.Reason? {
        do throws(ProtobufError) {
            _ = try Everything(decoding: bytes, limits: limits)
            return nil
        } catch {
            #expect((0...bytes.count).contains(error.offset))
            #expect(!error.description.isEmpty)
            return error.reason
        }
    }

    @Test("No bytes at all are a message of defaults, whatever holds them")
    func empty() throws {
        #expect(try self.decode([]) == Everything())
        #expect(try Everything(decoding: [1, 2, 3][1..<1]) == Everything())
        #expect(try Everything(decoding: UnsafeRawBufferPointer(start: nil, count: 0)) == Everything())
        #expect(Everything().bytes == [])
    }

    @Test("Part of an array is read where it lies")
    func slice() throws {
        #expect(try Everything(decoding: [0xFF, 0x18, 0x05, 0xFF][1..<3]).singleInt32 == 5)
    }

    @Test("The last of a single field wins, and sub-messages merge")
    func merging() throws {
        #expect(try self.decode([0x18, 1, 0x18, 2]).singleInt32 == 2)
        var first = Everything()
        first.singleInner = .init(number: 1, more: [.init(number: 2)])
        var second = Everything()
        second.singleInner = .init(text: "t", more: [.init(number: 3)])
        let merged = try self.decode(first.bytes + second.bytes)
        #expect(merged.singleInner == .init(number: 1, text: "t", more: [.init(number: 2), .init(number: 3)]))
    }

    @Test("The last member of a oneof wins; the same message merges, one after another member does not")
    func oneofs() throws {
        func bytes(_ choice: Everything.Choice) -> [UInt8] { Everything(choice: choice).bytes }
        let number = bytes(.choiceInner(.init(number: 1)))
        let text = bytes(.choiceInner(.init(text: "t")))
        #expect(try self.decode(number + text).choice == .choiceInner(.init(number: 1, text: "t")))
        #expect(try self.decode(number + bytes(.choiceInt64(3))).choice == .choiceInt64(3))
        #expect(try self.decode(number + bytes(.choiceInt64(3)) + text).choice == .choiceInner(.init(text: "t")))
    }

    @Test("Packed lists are read where single values are written, and the other way round")
    func packing() throws {
        var unpacked = Everything()
        unpacked.unpackedInt32 = [1, -1, 300]
        var packed = Everything()
        packed.repeatedInt32 = [1, -1, 300]
        let field = { (bytes: [UInt8], from: [UInt8], to: [UInt8]) -> [UInt8] in
            bytes.starts(with: from) ? to + bytes.dropFirst(from.count) : bytes
        }
        // Field 36 in the place of field 53 and 53 in the place of 36: the tags of both take two bytes.
        let repeatedNumber = packed.bytes.prefix(2)
        #expect(try self.decode(packed.bytes).repeatedInt32 == [1, -1, 300])
        #expect(try self.decode(unpacked.bytes).unpackedInt32 == [1, -1, 300])
        let unpackedTag = unpacked.bytes.prefix(2)
        // The same number with the other wire type.
        let asPacked = field(packed.bytes, Array(repeatedNumber), [unpackedTag[0] | 2, unpackedTag[1]])
        #expect(try self.decode(asPacked).unpackedInt32 == [1, -1, 300])
        let asSingle: [UInt8] = [
            repeatedNumber[0] & 0xF8, repeatedNumber[1], 7, repeatedNumber[0], repeatedNumber[1], 2, 8, 9,
        ]
        #expect(try self.decode(asSingle).repeatedInt32 == [7, 8, 9])
    }

    @Test("Unknown fields and those of another wire type are passed over")
    func unknown() throws {
        // Field 999 in every wire type, a group in a group included, then field 3.
        let unknown: [UInt8] = [
            0xB8, 0x3E, 0x05, 0xB9, 0x3E, 1, 2, 3, 4, 5, 6, 7, 8, 0xBA, 0x3E, 2, 9, 9, 0xBD, 0x3E, 1, 2, 3, 4,
            0xBB, 0x3E, 0x18, 0x07, 0x0B, 0x0C, 0xBC, 0x3E,
        ]
        #expect(try self.decode(unknown + [0x18, 5]) == Everything(singleInt32: 5))
        #expect(try self.decode([0x1D, 1, 2, 3, 4]) == Everything())
        #expect(try self.decode([0x72, 0]) != Everything(singleString: "x"))
    }

    @Test("Numbers of enumerations without a name are kept")
    func openEnumerations() throws {
        var message = Everything(singleMood: .unrecognized(77), repeatedMood: [.unrecognized(-9), .bad])
        message.mapToMood["k"] = .unrecognized(5)
        let read = try self.decode(message.bytes)
        #expect(read == message)
        #expect(read.singleMood.rawValue == 77)
        #expect(TestingV1.Mood(rawValue: -1) == .bad)
    }

    @Test("Narrow numbers are cut to their width, and a bool is any bit")
    func widths() throws {
        let ones = [UInt8](repeating: 0xFF, count: 9) + [0x01]
        #expect(try self.decode([0x18] + ones).singleInt32 == -1)
        #expect(try self.decode([0x28] + ones).singleUint32 == .max)
        #expect(try self.decode([0x68, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]).singleBool)
        // Longer than needed, and bits past the 64th.
        #expect(try self.decode([0x18, 0x85, 0x80, 0x00]).singleInt32 == 5)
        #expect(try self.decode([0x20] + [UInt8](repeating: 0xFF, count: 9) + [0x7F]).singleInt64 == -1)
    }

    @Test("Entries of maps without key or value have the defaults, and the last of a key wins")
    func maps() throws {
        let field = Array(Everything(mapInt32: [1: 2]).bytes.prefix(2))
        #expect(try self.decode(field + [0]).mapInt32 == [0: 0])
        #expect(try self.decode(field + [2, 0x10, 9]).mapInt32 == [0: 9])
        #expect(try self.decode(field + [4, 0x08, 1, 0x10, 9] + field + [2, 0x08, 1]).mapInt32 == [1: 0])
        #expect(try self.decode(field + [6, 0x10, 9, 0x18, 1, 0x08, 3]).mapInt32 == [3: 9])
    }

    // MARK: - Hostile bytes

    @Test("What is no message is refused with the reason")
    func refused() {
        #expect(self.refusal([0x18]) == .truncated)
        #expect(self.refusal([0x18] + [UInt8](repeating: 0x80, count: 10) + [0]) == .malformedVarint)
        #expect(self.refusal([0x00, 0x00]) == .invalidFieldNumber)
        #expect(self.refusal([0x07]) == .invalidFieldNumber)
        #expect(self.refusal([0x80, 0x80, 0x80, 0x80, 0x10, 0]) == .invalidFieldNumber)
        #expect(self.refusal([0x1E]) == .invalidWireType)
        #expect(self.refusal([0x1F]) == .invalidWireType)
        #expect(self.refusal([0x1C]) == .unmatchedGroupEnd)
        #expect(self.refusal([0x1B, 0x24]) == .unmatchedGroupEnd)
        #expect(self.refusal([0x1B, 0x18, 1]) == .truncated)
        #expect(self.refusal([0x72, 2, 0xC3, 0x28]) == .invalidUTF8)
        #expect(self.refusal([0x72, 3, 0xED, 0xA0, 0x80]) == .invalidUTF8)
        // A length near 2^64, and one past what is there: refused before anything is reserved.
        #expect(self.refusal([0x72] + [UInt8](repeating: 0xFF, count: 9) + [0x01]) == .truncated)
        #expect(self.refusal([0x7A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1]) == .truncated)
    }

    @Test("A number does not reach out of the packed list or the message that it is in")
    func bounds() {
        let packed = Array(Everything(repeatedInt32: [1]).bytes.prefix(2))
        #expect(self.refusal(packed + [1, 0x80, 0x00]) == .truncated)
        let inner = Array(Everything(singleInner: .init()).bytes.prefix(2))
        #expect(self.refusal(inner + [2, 0x08, 0x80, 0x01]) == .truncated)
        #expect(self.refusal(inner + [2, 0x12, 0x01, 0x41]) == .truncated)
    }

    @Test("Messages nest a hundred deep and no deeper, groups too")
    func depth() {
        func nested(_ depth: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            for _ in 0..<depth {
                var writer = ProtobufWriter()
                writer.write(.bytes, always: bytes, field: 536_870_911)
                bytes = writer.bytes
            }
            return bytes
        }
        #expect(self.refusal(nested(100)) == nil)
        #expect(self.refusal(nested(101)) == .tooDeep(depthMax: 100))
        #expect(self.refusal([UInt8](repeating: 0x0B, count: 100_000)) == .tooDeep(depthMax: 100))
        #expect(self.refusal(nested(3), ProtobufLimits(depthMax: 2)) == .tooDeep(depthMax: 2))
    }

    @Test("Small elements cannot take more memory than allowed")
    func memory() {
        let element: [UInt8] = Array(Everything(repeatedInner: [.init()]).bytes)
        let many = (0..<10_000).flatMap { _ in element }
        #expect(self.refusal(many) == nil)
        let limits = ProtobufLimits(memoryBytesMax: 4_096)
        #expect(self.refusal(many, limits) == .tooLarge(bytesMax: 4_096))
        let map = (0..<10_000).flatMap { key in Everything(mapFixed32: [UInt32(key): 1]).bytes }
        #expect(self.refusal(map) == nil)
        #expect(self.refusal(map, limits) == .tooLarge(bytesMax: 4_096))
    }

    @Test("Bytes cut off or changed anywhere never crash, and what is read can be written and read again")
    func mutations() throws {
        var generator = SplitMix64(seed: 17)
        for _ in 0..<20 {
            let bytes = Everything.random(depth: 2, using: &generator).bytes
            for end in bytes.indices { self.requireStable(Array(bytes[..<end])) }
            for index in bytes.indices {
                var changed = bytes
                changed[index] = generator.number()
                self.requireStable(changed)
            }
        }
        for _ in 0..<20_000 { self.requireStable(generator.bytes()) }
    }

    private func requireStable(_ bytes: [UInt8]) {
        guard let message = try? Everything(decoding: bytes) else { return }
        let written = message.bytes
        let again = try? Everything(decoding: written)
        #expect(again?.bytes == written)
    }
}
