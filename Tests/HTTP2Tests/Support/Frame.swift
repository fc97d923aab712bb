/// A frame of RFC 9113, section 4.1, written and read by hand, so that the session is not judged by its own library.
struct Frame: Equatable, CustomStringConvertible {
    enum Kind: UInt8 {
        case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    var type: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []

    static let endStream: UInt8 = 0x1
    static let ack: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.init(type: kind.rawValue, flags: flags, stream: stream, payload)
    }

    init(type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.type = type
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    var kind: Kind? { Kind(rawValue: self.type) }
    var endsStream: Bool { self.flags & Self.endStream != 0 }
    var description: String { "\(self.kind.map { "\($0)" } ?? "\(self.type)") \(self.flags) \(self.stream) \(self.payload)" }

    var bytes: [UInt8] {
        let count = self.payload.count
        return [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), self.type, self.flags]
            + Self.word(self.stream) + self.payload
    }

    static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    /// The big-endian number at an offset of the payload: an error code, a window.
    func word(at offset: Int = 0) -> UInt32 { self.payload[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }

    /// Takes bytes apart, which must be whole frames.
    static func all(in bytes: some Collection<UInt8>) -> [Frame] {
        var rest = Array(bytes)[...]
        var frames: [Frame] = []
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) }
            frames.append(Frame(type: head[3], flags: head[4], stream: stream, Array(rest.dropFirst(9).prefix(count))))
            rest = rest.dropFirst(9 + count)
        }
        return frames
    }

    // MARK: Kinds

    static func settings(_ entries: [(UInt16, UInt32)] = []) -> Frame {
        Frame(.settings, entries.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + word($0.1) })
    }

    static func headers(
        _ stream: UInt32, _ fields: [(String, String)], endStream: Bool = true, endHeaders: Bool = true
    ) -> Frame {
        Frame(
            .headers, flags: (endStream ? Self.endStream : 0) | (endHeaders ? Self.endHeaders : 0), stream: stream,
            fields.flatMap { literal($0.0, $0.1) })
    }

    static func get(_ stream: UInt32, _ path: String = "/", _ more: [(String, String)] = []) -> Frame {
        .headers(stream, [(":method", "GET"), (":scheme", "http"), (":authority", "a.example"), (":path", path)] + more)
    }

    static func post(_ stream: UInt32, _ more: [(String, String)] = []) -> Frame {
        .headers(
            stream, [(":method", "POST"), (":scheme", "http"), (":authority", "a.example"), (":path", "/")] + more,
            endStream: false)
    }

    static func data(_ stream: UInt32, _ text: String, endStream: Bool = false) -> Frame {
        Frame(.data, flags: endStream ? Self.endStream : 0, stream: stream, Array(text.utf8))
    }

    static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> Frame {
        Frame(.resetStream, stream: stream, word(code))
    }

    /// A field as HPACK's literal without indexing and without Huffman coding (RFC 7541, section 6.2.2).
    static func literal(_ name: String, _ value: String) -> [UInt8] {
        [0] + string(name) + string(value)
    }

    static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var head: [UInt8] = [127]
        var rest = bytes.count - 127
        while rest >= 128 {
            head.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return head + [UInt8(rest)] + bytes
    }
}
