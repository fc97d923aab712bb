/// A request line, taken apart (RFC 9112 section 3). Offsets count from the first byte of the line.
struct HTTP1RequestLine {
    let method: HTTPMethod
    let version: HTTPVersion
    /// `https` only when an absolute-form target says so.
    private(set) var scheme = "http"
    private(set) var authority: String?
    private(set) var path = ""
    private(set) var query: String?

    /// - Parameter line: the bytes before the line end.
    init(_ line: UnsafeBufferPointer<UInt8>, limits: HTTP1Limits) throws(HTTP1Error) {
        let methodCount = try Self.countMethod(line, limits: limits)
        let method = UnsafeBufferPointer(rebasing: line[..<methodCount])
        self.method = HTTPMethod(known: method) ?? .other(String(decoding: method, as: UTF8.self))
        guard self.method != .connect else { throw HTTP1Error(.connectNotSupported) }
        let targetStart = methodCount + 1
        guard targetStart < line.count else { throw HTTP1Error(.invalidRequestLine) }
        let target = try HTTP1Target(line, from: targetStart)
        self.version = try Self.parseVersion(UnsafeBufferPointer(rebasing: line[target.end...]))
        try self.take(target, of: line)
    }

    private mutating func take(_ target: HTTP1Target, of line: UnsafeBufferPointer<UInt8>) throws(HTTP1Error) {
        let path = UnsafeBufferPointer(rebasing: line[target.pathStart..<target.pathEnd])
        if path.isEmpty {
            // Only absolute-form has an empty path (RFC 9112 section 3.2.4).
            self.path = self.method == .options && target.pathEnd == target.end ? "*" : "/"
        } else {
            self.path = String(decoding: path, as: UTF8.self)
            guard self.path != "*" || self.method == .options else { throw HTTP1Error(.invalidTarget) }
        }
        if target.pathEnd < target.end {
            self.query = String(
                decoding: UnsafeBufferPointer(rebasing: line[(target.pathEnd + 1)..<target.end]), as: UTF8.self)
        }
        if let authority = target.authority {
            self.authority = String(decoding: UnsafeBufferPointer(rebasing: line[authority]), as: UTF8.self)
            self.scheme = target.isSecure ? "https" : "http"
        }
    }

    private static func countMethod(
        _ line: UnsafeBufferPointer<UInt8>, limits: HTTP1Limits
    ) throws(HTTP1Error) -> Int {
        var count = 0
        while count < line.count, ByteTable.lowerCasedToken[line[count]] != 0 { count += 1 }
        guard count > 0 else { throw HTTP1Error(.invalidMethod) }
        guard count < line.count else { throw HTTP1Error(.invalidRequestLine) }
        guard line[count] == 0x20 else { throw HTTP1Error(.invalidMethod) }
        guard count <= limits.methodBytesMax else { throw HTTP1Error(.methodTooLong) }
        return count
    }

    /// - Parameter rest: from the space behind the target to the end of the line.
    private static func parseVersion(_ rest: UnsafeBufferPointer<UInt8>) throws(HTTP1Error) -> HTTPVersion {
        if rest.equals(" HTTP/1.1") { return .http11 }
        if rest.equals(" HTTP/1.0") { return .http10 }
        guard !rest.contains(0x0D) else { throw HTTP1Error(.bareCarriageReturn) }
        let version = UnsafeBufferPointer(rebasing: rest.dropFirst())
        guard !version.isEmpty, !version.contains(0x20), !version.contains(0x09) else {
            throw HTTP1Error(.invalidRequestLine)
        }
        throw HTTP1Error(isWellFormedVersion(version) ? .versionNotSupported : .invalidVersion)
    }
}

/// Whether `text` is `HTTP/` digit `.` digit.
func isWellFormedVersion(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 8, UnsafeBufferPointer(rebasing: text[..<5]).equals("HTTP/") else { return false }
    return text[5] &- 0x30 < 10 && text[6] == 0x2E && text[7] &- 0x30 < 10
}
