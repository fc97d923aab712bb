/// Decodes the heads of the requests on one connection, strictly (RFC 9112): what two parsers could read in two ways is
/// refused, because a proxy in between may have read it the other way.
///
/// A value without I/O. After an error the connection can only be answered and closed.
public struct HTTP1RequestDecoder: Sendable {
    private let limits: HTTP1Limits
    private var scanner: HTTP1SectionScanner

    public init(limits: HTTP1Limits = .init()) {
        self.limits = limits
        self.scanner = HTTP1SectionScanner(.requestHead, of: .request, limits: limits)
    }

    /// Forgets the head in progress, so that the next call begins a new one. A decoded head needs no reset.
    public mutating func reset() {
        self.scanner.reset()
    }

    /// Decodes the head at the beginning of `input`, behind at most `leadingEmptyLinesMax` empty lines.
    ///
    /// - Parameter input: all unconsumed bytes. Until a head is returned each call must begin with the bytes of the
    ///   call before it; those are not scanned again.
    /// - Returns: the head and the number of bytes it took; nil when more bytes are needed.
    public mutating func decodeHead(
        _ input: UnsafeRawBufferPointer
    ) throws(HTTP1Error) -> (head: HTTP1RequestHead, consumed: Int)? {
        guard let end = try self.scanner.findEnd(in: input) else { return nil }
        let bytes = input.assumingMemoryBound(to: UInt8.self)
        let start = self.scanner.start
        let lineEnd = self.scanner.startLineEnd
        let fieldCount = self.scanner.fieldCount
        self.reset()
        let line = try HTTP1RequestLine(UnsafeBufferPointer(rebasing: bytes[start..<lineEnd]), limits: self.limits)
        var parser = HTTP1FieldParser(
            UnsafeBufferPointer(rebasing: bytes[(lineEnd + 2)..<(end - 2)]), isTrailer: false, origin: .request)
        let fields = try parser.parse(lineCount: fieldCount)
        return (try self.assemble(line, fields, parser.facts), end)
    }

    private func assemble(
        _ line: HTTP1RequestLine, _ fields: HTTPFields, _ facts: HTTP1FramingFacts
    ) throws(HTTP1Error) -> HTTP1RequestHead {
        guard facts.authority != nil || line.version == .http10 else { throw HTTP1Error(.missingHost) }
        guard facts.expectation != .other else { throw HTTP1Error(.unsupportedExpectation) }
        let framing: HTTP1BodyFraming
        do throws(HTTP1FramingFacts.Fault) {
            framing = try facts.declaredFraming(line.version, limits: self.limits) ?? .none
        } catch {
            throw HTTP1Error(error.kind)
        }
        var head = HTTP1RequestHead(
            method: line.method, scheme: line.scheme, path: line.path, query: line.query,
            authority: line.authority ?? facts.authority, version: line.version, fields: fields, framing: framing,
            keepAlive: facts.persists(in: line.version),
            // HTTP/1.0 clients do not wait (RFC 9110 section 10.1.1), nor does one that sends nothing.
            expectsContinue: facts.expectation == .proceed && line.version >= .http11 && framing != .none)
        if let authority = line.authority, authority != facts.authority { head.fields[.host] = authority }
        return head
    }
}
