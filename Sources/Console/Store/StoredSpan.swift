import Telemetry

/// A span as it is held: what is searched for is at hand, the rest is packed.
struct StoredSpan: Sendable {
    let spanID: UInt64
    /// 0 for none.
    let parentID: UInt64
    /// Nanoseconds since 1970.
    let start: UInt64
    let end: UInt64
    /// Bits that each attribute sets two of: a pair whose bits are not all there is not there.
    let pairBits: UInt64
    let service: UInt32
    let name: UInt32
    let resource: UInt32
    let scope: UInt32
    let kind: UInt8
    let status: UInt8
    let payload: [UInt8]

    var isError: Bool { self.status == UInt8(ReceivedSpan.Status.error.rawValue) }
    var duration: UInt64 { self.end - self.start }
    /// Work that somebody asked for: a server's or consumer's.
    var isEntry: Bool {
        self.kind == UInt8(ReceivedSpan.Kind.server.rawValue) || self.kind == UInt8(ReceivedSpan.Kind.consumer.rawValue)
    }
    /// What it takes, with what Swift puts around an array.
    var bytes: Int { MemoryLayout<StoredSpan>.stride + 32 + self.payload.count }

    /// The bits of a pair: two of 64, from a hash that is the same in every process.
    static func bits(_ key: String, _ value: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01b3
        for byte in value.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return 1 << (hash >> 58) | 1 << (hash >> 40 & 63)
    }
}

extension ReceivedValue {
    /// As it is searched for and shown in one line.
    var text: String {
        switch self {
        case .empty: ""
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
        case .bytes(let bytes): Base64.encode(bytes)
        case .array(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .map(let pairs): "{" + pairs.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
        }
    }
}
