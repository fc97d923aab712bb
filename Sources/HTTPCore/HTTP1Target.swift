/// Where the parts of a request target are, in offsets of the request line (RFC 9112 section 3.2).
///
/// A path is held to RFC 3986. In a query every visible ASCII character but `#` passes, because browsers and curl send
/// brackets, quotes and bars there as they are.
struct HTTP1Target {
    /// The range of an absolute-form target's authority.
    private(set) var authority: Range<Int>?
    private(set) var isSecure = false
    private(set) var pathStart: Int
    /// The end of the path; a query begins behind the `?` that stands here unless it is also `end`.
    private(set) var pathEnd: Int
    /// The end of the target.
    private(set) var end: Int

    init(_ line: UnsafeBufferPointer<UInt8>, from start: Int) throws(HTTP1Error) {
        self.pathStart = start
        self.pathEnd = start
        self.end = start
        switch line[start] {
        case 0x2F: break
        case 0x2A:
            // Asterisk-form is the asterisk and nothing else.
            self.pathEnd = start + 1
            self.end = start + 1
            guard start + 1 == line.count || line[start + 1] == 0x20 else { throw HTTP1Error(.invalidTarget) }
            return
        case 0x20, 0x09: throw HTTP1Error(.invalidRequestLine)
        default: try self.takeAuthority(line)
        }
        try self.takePath(line)
        try self.takeQuery(line)
    }

    private mutating func takePath(_ line: UnsafeBufferPointer<UInt8>) throws(HTTP1Error) {
        var offset = self.pathStart
        while offset < line.count {
            let meaning = ByteTable.targetClass[line[offset]]
            if meaning == ByteTable.unreserved || meaning == ByteTable.plain {
                offset += 1
            } else if meaning == 0x25 {
                try Self.checkEscape(line, at: offset)
                offset += 3
            } else if meaning == 0x20 || meaning == 0x3F {
                break
            } else {
                throw HTTP1Error(meaning == 0x23 ? .targetHasFragment : .invalidTarget)
            }
        }
        self.pathEnd = offset
        self.end = offset
    }

    private mutating func takeQuery(_ line: UnsafeBufferPointer<UInt8>) throws(HTTP1Error) {
        guard self.pathEnd < line.count, line[self.pathEnd] == 0x3F else { return }
        var offset = self.pathEnd + 1
        while offset < line.count, line[offset] != 0x20 {
            let meaning = ByteTable.targetClass[line[offset]]
            guard meaning != 0 else { throw HTTP1Error(.invalidTarget) }
            guard meaning != 0x23 else { throw HTTP1Error(.targetHasFragment) }
            offset += 1
        }
        self.end = offset
    }

    private static func checkEscape(_ line: UnsafeBufferPointer<UInt8>, at offset: Int) throws(HTTP1Error) {
        guard offset + 2 < line.count, hexadecimalValue(line[offset + 1]) != nil,
            hexadecimalValue(line[offset + 2]) != nil
        else { throw HTTP1Error(.invalidPercentEncoding) }
    }

    /// Absolute-form: what a client sends to a proxy, and what every server must accept.
    private mutating func takeAuthority(_ line: UnsafeBufferPointer<UInt8>) throws(HTTP1Error) {
        let target = UnsafeBufferPointer(rebasing: line[self.pathStart...])
        let schemeCount: Int
        if UnsafeBufferPointer(rebasing: target.prefix(7)).equals(ignoringCase: "http://") {
            schemeCount = 7
        } else if UnsafeBufferPointer(rebasing: target.prefix(8)).equals(ignoringCase: "https://") {
            schemeCount = 8
            self.isSecure = true
        } else {
            throw HTTP1Error(Self.hasScheme(target) ? .unsupportedScheme : .invalidTarget)
        }
        let start = self.pathStart + schemeCount
        let end = line[start...].firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x20 || $0 == 0x23 } ?? line.count
        let authority = UnsafeBufferPointer(rebasing: line[start..<end])
        guard !authority.contains(0x40) else { throw HTTP1Error(.targetHasUserinfo) }
        guard isValidAuthority(authority) else { throw HTTP1Error(.invalidHost) }
        self.authority = start..<end
        self.pathStart = end
    }

    private static func hasScheme(_ target: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let colon = target.firstIndex(of: 0x3A), colon > 0 else { return false }
        return target[..<colon].allSatisfy { ByteTable.lowerCasedToken[$0] &- 0x61 < 26 }
            && UnsafeBufferPointer(rebasing: target[colon...].prefix(3)).equals("://")
    }
}
