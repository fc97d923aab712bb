import Protobuf
import Testing

@Suite("Messages")
struct MessageTests {
    @Test("A writer continues after what is there")
    func appending() {
        var writer = ProtobufWriter(appendingTo: [0, 0, 0, 0, 2])
        TestingV1.Everything(singleInt32: 5).encode(to: &writer)
        #expect(writer.bytes == [0, 0, 0, 0, 2, 0x18, 5])
    }

    @Test(
        "A sub-message of every length is written behind its length",
        arguments: [0, 1, 125, 126, 127, 128, 16_380, 16_384, 2_097_152])
    func lengths(count: Int) throws {
        let inner = TestingV1.Everything.Inner(text: String(repeating: "x", count: count))
        let message = TestingV1.Everything(singleInner: inner, child: .init(singleInner: inner))
        let read = try TestingV1.Everything(decoding: message.bytes)
        #expect(read == message)
        #expect(read.child?.singleInner?.text.utf8.count == count)
    }

    @Test("Messages that hold one another are values all the same")
    func recursion() throws {
        var left = TestingV1.Left(right: .init(next: .left(.init(right: .init())), other: .init()))
        let copy = left
        #expect(try TestingV1.Left(decoding: left.bytes) == left)
        left.right?.other = nil
        #expect(left != copy)
        #expect(copy.right?.other == TestingV1.Left())
    }

    @Test("A message of any kind says what it is, and is unpacked as that alone")
    func anyMessage() throws {
        let duration = GoogleProtobuf.Duration(seconds: 3, nanos: 5)
        let packed = GoogleProtobuf.AnyMessage(packing: duration)
        #expect(packed.typeURL == "type.googleapis.com/google.protobuf.Duration")
        #expect(try packed.unpacked(as: GoogleProtobuf.Duration.self) == duration)
        #expect(try packed.unpacked(as: GoogleProtobuf.Timestamp.self) == nil)
        #expect(throws: ProtobufError.self) {
            try GoogleProtobuf.AnyMessage(typeURL: packed.typeURL, value: [0]).unpacked(
                as: GoogleProtobuf.Duration.self)
        }
    }

    @Test("A file carries its descriptor, which names it")
    func descriptor() throws {
        let file = TestingV1.everythingFile
        #expect(file.bytes.starts(with: [0x0A, UInt8(file.name.utf8.count)] + Array(file.name.utf8)))
        #expect(file.bytes.suffix(8) == [0x62, 0x06] + Array("proto3".utf8))
        #expect(GoogleRPC.statusFile.dependencies.map(\.name) == ["google/protobuf/any.proto"])
    }
}
