import Protobuf

/// A message of every shape that calls need.
struct EchoMessage: ProtobufMessage {
    var text = ""
    var count: Int32 = 0

    static var protoName: String { "vitrine.test.Echo" }
    init() {}
    init(_ text: String, count: Int32 = 0) {
        self.text = text
        self.count = count
    }

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.text)
            case 2: try reader.read(.int32, into: &self.count)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {
        writer.write(.string, self.text, field: 1)
        writer.write(.int32, self.count, field: 2)
    }
}

/// Behind its prefix, as it is on the wire.
func framed(_ message: EchoMessage, flag: UInt8 = 0) -> [UInt8] { framed(message.bytes, flag: flag) }

func framed(_ payload: [UInt8], flag: UInt8 = 0) -> [UInt8] {
    let count = UInt32(payload.count)
    return [flag, UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)] + payload
}
