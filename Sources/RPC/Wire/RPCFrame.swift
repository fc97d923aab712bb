/// One message as it stands on the wire, behind its prefix.
struct RPCFrame: Sendable {
    let isCompressed: Bool
    let payload: ArraySlice<UInt8>

    /// Bytes before each message: a flag, and the length in four bytes, the highest first.
    static let prefixByteCount = 5

    /// Begins a message at the end of `bytes`; `finish` completes its prefix once the payload stands behind it.
    static func begin(in bytes: inout [UInt8]) -> Int {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: self.prefixByteCount))
        return start
    }

    static func finish(in bytes: inout [UInt8], from start: Int, isCompressed: Bool) {
        let length = UInt32(bytes.count - start - self.prefixByteCount)
        bytes[start] = isCompressed ? 1 : 0
        bytes[start + 1] = UInt8(truncatingIfNeeded: length >> 24)
        bytes[start + 2] = UInt8(truncatingIfNeeded: length >> 16)
        bytes[start + 3] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[start + 4] = UInt8(truncatingIfNeeded: length)
    }
}

/// Cuts a stream of bytes, split anywhere, into messages.
///
/// Source: gRPC, `doc/PROTOCOL-HTTP2.md`, "Length-Prefixed-Message".
struct RPCFrameDecoder: Sendable {
    /// The most bytes a message may have as it is on the wire.
    let limit: Int
    private var buffer: [UInt8] = []
    private var offset = 0

    init(limit: Int) { self.limit = limit }

    /// Whether everything received has become a message.
    var isAtBoundary: Bool { self.offset == self.buffer.count }

    /// Takes in what arrived. A piece that begins where a message does is not copied.
    mutating func append(_ bytes: consuming [UInt8]) {
        if self.isAtBoundary {
            self.buffer = bytes
        } else {
            self.buffer.removeSubrange(..<self.offset)
            self.buffer.append(contentsOf: bytes)
        }
        self.offset = 0
    }

    /// The next message; nil when more bytes are needed.
    ///
    /// - Throws: `RESOURCE_EXHAUSTED` as soon as the prefix says that the message is too large, `INTERNAL` for a flag
    ///   that means nothing.
    mutating func next() throws(RPCError) -> RPCFrame? {
        let available = self.buffer.count - self.offset
        guard available >= RPCFrame.prefixByteCount else { return nil }
        let flag = self.buffer[self.offset]
        guard flag <= 1 else { throw RPCError(.internal, "A message begins with a flag that means nothing: \(flag).") }
        var length = 0
        for index in 1...4 { length = length << 8 | Int(self.buffer[self.offset + index]) }
        guard length <= self.limit else { throw .messageTooLarge(length, limit: self.limit) }
        guard available - RPCFrame.prefixByteCount >= length else { return nil }
        let start = self.offset + RPCFrame.prefixByteCount
        self.offset = start + length
        return RPCFrame(isCompressed: flag == 1, payload: self.buffer[start..<self.offset])
    }
}

extension RPCError {
    static func messageTooLarge(_ length: Int, limit: Int) -> RPCError {
        RPCError(.resourceExhausted, "A message has \(length) bytes; at most \(limit) are accepted.")
    }
}
