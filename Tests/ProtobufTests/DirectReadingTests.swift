import Protobuf
import Testing

@Suite("Reading without a message")
struct DirectReadingTests {
    /// Numbers at 1 of sub-messages at 2, and how many bytes fields at 3 have.
    private static func read(
        _ bytes: [UInt8], limits: ProtobufLimits = ProtobufLimits()
    ) throws(ProtobufError) -> (numbers: [Int32], lengths: [Int?], messages: Int) {
        try ProtobufReader.read(bytes, limits: limits) { reader throws(ProtobufError) in
            var (numbers, lengths, messages): ([Int32], [Int?], Int) = ([], [], 0)
            while let field = try reader.nextField() {
                switch field {
                case 2:
                    let isMessage = try reader.readMessage { reader throws(ProtobufError) in
                        while let field = try reader.nextField() {
                            guard field == 1 else {
                                try reader.skip()
                                continue
                            }
                            try reader.charge(4)
                            var number: Int32 = 0
                            try reader.read(.int32, into: &number)
                            numbers.append(number)
                        }
                    }
                    messages += isMessage ? 1 : 0
                case 3: lengths.append(try reader.readBytes(\.count))
                default: try reader.skip()
                }
            }
            return (numbers, lengths, messages)
        }
    }

    @Test("Fields are met in their order, others passed over")
    func fields() throws {
        let read = try Self.read([0x12, 4, 8, 5, 8, 6, 0x1A, 2, 0, 0, 0x20, 7, 0x12, 0])
        #expect(read.numbers == [5, 6])
        #expect(read.lengths == [2])
        #expect(read.messages == 2)
    }

    @Test("A field of another wire type is passed over, and said to be none")
    func otherWireType() throws {
        let read = try Self.read([0x10, 5, 0x18, 5])
        #expect(read.messages == 0)
        #expect(read.lengths == [nil])
    }

    @Test("No bytes are a message without fields")
    func empty() throws {
        #expect(try Self.read([]).messages == 0)
    }

    @Test("What is cut, or goes past a bound, is refused")
    func refusals() {
        #expect(throws: ProtobufError(offset: 2, reason: .truncated)) { try Self.read([0x12, 4, 8, 5]) }
        #expect(throws: ProtobufError(offset: 6, reason: .truncated)) { try Self.read([0x12, 2, 8, 5, 0x1A, 9]) }
        #expect(throws: ProtobufError(offset: 5, reason: .tooLarge(bytesMax: 7))) {
            try Self.read([0x12, 4, 8, 5, 8, 6], limits: ProtobufLimits(memoryBytesMax: 7))
        }
        #expect(throws: ProtobufError(offset: 2, reason: .tooDeep(depthMax: 0))) {
            try Self.read([0x12, 2, 8, 5], limits: ProtobufLimits(depthMax: 0))
        }
        #expect(throws: ProtobufError(offset: 1, reason: .unmatchedGroupEnd)) { try Self.read([0x1C]) }
    }
}
