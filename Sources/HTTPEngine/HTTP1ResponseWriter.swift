import HTTPCore

/// Writes the head and the parts of one answer, in the framing its request allows (RFC 9112, section 6).
struct HTTP1ResponseWriter {
    let isHead: Bool
    let isHTTP10: Bool
    let keepAlive: Bool

    init(head: HTTP1RequestHead, keepAlive: Bool) {
        self.isHead = head.method == .head
        self.isHTTP10 = head.version == .http10
        self.keepAlive = keepAlive
    }

    /// For the answer to something that is no request.
    init(refusal: Bool) {
        self.isHead = false
        self.isHTTP10 = false
        self.keepAlive = false
    }

    /// A body of unknown length is chunked, or ends with the connection for HTTP/1.0.
    func framing(length: Int?) -> HTTP1BodyFraming {
        if let length { return .length(length) }
        return self.isHTTP10 ? .untilClose : .chunked
    }

    /// Whether the status and the method allow a body at all (RFC 9110, section 6.4.1).
    func sendsBody(_ status: HTTPStatus) -> Bool {
        !self.isHead && status.code != 204 && status.code != 304 && status.code >= 200
    }

    func writeHead(
        _ response: HTTPResponse, framing: HTTP1BodyFraming, into buffer: inout [UInt8]
    ) {
        HTTP1Encoder.appendStatusLine(response.status, to: &buffer)
        HTTPDateCache.append(to: &buffer)
        // An answer to HEAD without a body at hand has the length that its fields say, if any: not 0, which would be
        // the length of another answer (RFC 9110, section 8.6).
        let isBodiless = self.isHead && framing == .length(0)
        let ours: HTTPFieldNameSet = isBodiless ? .connectionButLength : .connection
        if response.fields.containsAny(of: ours) {
            response.fields.removing(ours).serialize(into: &buffer)
        } else {
            response.fields.serialize(into: &buffer)
        }
        if !isBodiless { self.writeFraming(framing, status: response.status, into: &buffer) }
        if !self.keepAlive || framing == .untilClose {
            buffer.append(staticText: "connection: close\r\n")
        } else if self.isHTTP10 {
            buffer.append(staticText: "connection: keep-alive\r\n")
        }
        buffer.append(staticText: "\r\n")
    }

    private func writeFraming(_ framing: HTTP1BodyFraming, status: HTTPStatus, into buffer: inout [UInt8]) {
        // 1xx and 204 carry no length at all (RFC 9110, section 8.6); 304 may, and ours is not known here.
        if status.code < 200 || status.code == 204 || status.code == 304 { return }
        switch framing {
        case .length(let length):
            buffer.append(staticText: "content-length: ")
            buffer.append(decimal: length)
            buffer.append(staticText: "\r\n")
        case .chunked:
            buffer.append(staticText: "transfer-encoding: chunked\r\n")
        case .none, .untilClose:
            break
        }
    }

    func writeBody(_ bytes: [UInt8], framing: HTTP1BodyFraming, into buffer: inout [UInt8]) {
        guard framing == .chunked else {
            buffer.append(contentsOf: bytes)
            return
        }
        HTTP1Encoder.appendChunkHeader(size: bytes.count, to: &buffer)
        buffer.append(contentsOf: bytes)
        buffer.append(staticText: "\r\n")
    }

    func writeEnd(trailers: HTTPFields?, framing: HTTP1BodyFraming, into buffer: inout [UInt8]) {
        guard framing == .chunked else { return }
        HTTP1Encoder.appendLastChunk(trailers: trailers ?? HTTPFields(), to: &buffer)
    }
}

extension [UInt8] {
    @inline(__always)
    mutating func append(staticText text: StaticString) {
        self.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal number: Int) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        Swift.withUnsafeMutableBytes(of: &digits) { bytes in
            var position = bytes.count
            var rest = UInt(number)
            repeat {
                position -= 1
                bytes[position] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
                rest /= 10
            } while rest > 0
            self.append(contentsOf: bytes[position...])
        }
    }
}
