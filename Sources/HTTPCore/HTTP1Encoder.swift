/// Writes the framing of HTTP/1.1 messages. Whatever it is given, a line cannot be split in two.
public enum HTTP1Encoder {
    /// Appends `HTTP/1.1 200 OK` with its line end; one copy for a registered code.
    public static func appendStatusLine(_ status: HTTPStatus, to output: inout [UInt8]) {
        if let line = status.prerenderedLine {
            output.append(line)
        } else {
            output.append("HTTP/1.1 ")
            output.append(decimal: status.code)
            output.append(" Unknown\r\n")
        }
    }

    /// Appends a whole response head: status line, fields and the empty line. Framing fields are the caller's.
    public static func appendResponseHead(_ status: HTTPStatus, fields: HTTPFields, to output: inout [UInt8]) {
        Self.appendStatusLine(status, to: &output)
        fields.serialize(into: &output)
        output.append("\r\n")
    }

    /// Appends a whole request head.
    ///
    /// - Parameters:
    ///   - target: path and query as they go to the wire. Spaces, control and non-ASCII characters and `#` are
    ///     percent-encoded, so that the line stays one line of three parts.
    ///   - fields: all fields, `host` among them.
    public static func appendRequestHead(
        method: HTTPMethod, target: String, fields: HTTPFields, to output: inout [UInt8]
    ) {
        Self.appendRequestLine(method, path: target, query: nil, to: &output)
        fields.serialize(into: &output)
        output.append("\r\n")
    }

    /// Appends a request line with its line end; path and query are repaired like the target of a whole head.
    public static func appendRequestLine(
        _ method: HTTPMethod, path: String, query: String?, to output: inout [UInt8]
    ) {
        Self.append(method, to: &output)
        output.append(0x20)
        if path.isEmpty { output.append(0x2F) }
        Self.appendTarget(path, to: &output)
        if let query {
            output.append(0x3F)
            Self.appendTarget(query, to: &output)
        }
        output.append(" HTTP/1.1\r\n")
    }

    /// Appends the line before a chunk of `size` bytes. The caller appends the bytes and a CRLF.
    ///
    /// - Precondition: at least one byte, for a chunk of none is the last.
    public static func appendChunkHeader(size: Int, to output: inout [UInt8]) {
        precondition(size > 0, "A chunk has a size over zero: \(size)")
        var shift = (63 - size.leadingZeroBitCount) / 4 * 4
        while shift >= 0 {
            output.append(hexadecimalDigit(UInt8(truncatingIfNeeded: size >> shift & 15)))
            shift -= 4
        }
        output.append("\r\n")
    }

    /// Appends `content` as one whole chunk; nothing when it is empty, for that would end the message.
    public static func appendChunk(_ content: [UInt8], to output: inout [UInt8]) {
        guard !content.isEmpty else { return }
        Self.appendChunkHeader(size: content.count, to: &output)
        output.append(contentsOf: content)
        output.append("\r\n")
    }

    /// Appends the last chunk, the trailers and the empty line.
    public static func appendLastChunk(trailers: HTTPFields? = nil, to output: inout [UInt8]) {
        output.append("0\r\n")
        trailers?.serialize(into: &output)
        output.append("\r\n")
    }

    private static func append(_ method: HTTPMethod, to output: inout [UInt8]) {
        guard case .other(let name) = method else {
            return output.append(contentsOf: method.name.utf8)
        }
        // An underscore for what is no token character: still a method nobody knows.
        for byte in name.utf8 { output.append(ByteTable.lowerCasedToken[byte] == 0 ? 0x5F : byte) }
        if name.isEmpty { output.append(0x5F) }
    }

    private static func appendTarget(_ target: String, to output: inout [UInt8]) {
        var target = target
        target.withUTF8 { bytes in
            let isClean = bytes.allSatisfy { Self.isTargetByte($0) }
            if isClean { return output.append(contentsOf: bytes) }
            for byte in bytes {
                if Self.isTargetByte(byte) { output.append(byte) } else { output.append(percentEncoded: byte) }
            }
        }
    }

    @inline(__always)
    private static func isTargetByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != 0x23
    }
}
