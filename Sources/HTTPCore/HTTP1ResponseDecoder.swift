/// Decodes the heads of the responses on one connection, as strictly as requests are: an upstream that frames a message
/// in two ways at once would poison a pooled connection.
public struct HTTP1ResponseDecoder: Sendable {
    private let limits: HTTP1Limits
    private var scanner: HTTP1SectionScanner

    public init(limits: HTTP1Limits = .init()) {
        self.limits = limits
        self.scanner = HTTP1SectionScanner(.responseHead, of: .response, limits: limits)
    }

    /// Forgets the head in progress, so that the next call begins a new one. A decoded head needs no reset.
    public mutating func reset() {
        self.scanner.reset()
    }

    /// Decodes the head at the beginning of `input`. Heads of 1xx are returned too; another head follows them.
    ///
    /// - Parameters:
    ///   - input: all unconsumed bytes. Until a head is returned each call must begin with the bytes of the call before
    ///     it; those are not scanned again.
    ///   - requestMethod: what was asked with: an answer to `HEAD` ends with its head, whatever its fields declare.
    /// - Returns: the head and the number of bytes it took; nil when more bytes are needed.
    public mutating func decodeHead(
        _ input: UnsafeRawBufferPointer, requestMethod: HTTPMethod
    ) throws(HTTP1Error) -> (head: HTTP1ResponseHead, consumed: Int)? {
        guard let end = try self.scanner.findEnd(in: input) else { return nil }
        let bytes = input.assumingMemoryBound(to: UInt8.self)
        let lineEnd = self.scanner.startLineEnd
        let fieldCount = self.scanner.fieldCount
        self.reset()
        let (version, status) = try Self.parseStatusLine(UnsafeBufferPointer(rebasing: bytes[..<lineEnd]))
        var parser = HTTP1FieldParser(
            UnsafeBufferPointer(rebasing: bytes[(lineEnd + 2)..<(end - 2)]), isTrailer: false, origin: .response)
        let fields = try parser.parse(lineCount: fieldCount)
        let framing: HTTP1BodyFraming
        do throws(HTTP1FramingFacts.Fault) {
            let declared = try parser.facts.declaredFraming(version, limits: self.limits)
            framing = status.forbidsBody || requestMethod == .head ? .none : declared ?? .untilClose
        } catch {
            throw HTTP1Error(error.kind, in: .response)
        }
        let head = HTTP1ResponseHead(
            status: status, version: version, fields: fields, framing: framing,
            keepAlive: framing != .untilClose && parser.facts.persists(in: version))
        return (head, end)
    }

    /// Source: RFC 9112 section 4. The space before an empty reason phrase may be missing: some servers forget it.
    private static func parseStatusLine(
        _ line: UnsafeBufferPointer<UInt8>
    ) throws(HTTP1Error) -> (HTTPVersion, HTTPStatus) {
        guard line.count >= 12, line[8] == 0x20, line.count == 12 || line[12] == 0x20 else {
            throw HTTP1Error(.invalidStatusLine, in: .response)
        }
        let versionText = UnsafeBufferPointer(rebasing: line[..<8])
        let version: HTTPVersion
        if versionText.equals("HTTP/1.1") {
            version = .http11
        } else if versionText.equals("HTTP/1.0") {
            version = .http10
        } else {
            throw HTTP1Error(isWellFormedVersion(versionText) ? .versionNotSupported : .invalidVersion, in: .response)
        }
        let digits = line[9..<12]
        guard digits.allSatisfy({ $0 &- 0x30 < 10 }) else { throw HTTP1Error(.invalidStatusCode, in: .response) }
        let code = digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        guard (100...599).contains(code) else { throw HTTP1Error(.invalidStatusCode, in: .response) }
        guard fieldValuePrefix(line.baseAddress!, count: line.count) == line.count else {
            throw HTTP1Error(line.contains(0x0D) ? .bareCarriageReturn : .controlCharacter, in: .response)
        }
        return (version, HTTPStatus(code))
    }
}
