/// What the fields of a head say about host, length and connection, noted while the lines are parsed.
struct HTTP1FramingFacts: Sendable {
    struct Fault: Error {
        let kind: HTTP1Error.Kind
        init(_ kind: HTTP1Error.Kind) { self.kind = kind }
    }

    enum Expectation: Sendable { case none, proceed, other }
    /// How many `Transfer-Encoding` fields there are is settled by refusing the second.
    enum Coding: Sendable { case none, chunked }

    private(set) var authority: String?
    private(set) var contentLength: Int?
    private(set) var coding = Coding.none
    private(set) var close = false
    private(set) var keepAlive = false
    private(set) var expectation = Expectation.none

    mutating func note(_ name: KnownFieldName, _ value: UnsafeBufferPointer<UInt8>) throws(Fault) {
        switch name {
        case .host: try self.noteHost(value)
        case .contentLength: try self.noteContentLength(value)
        case .transferEncoding: try self.noteTransferEncoding(value)
        case .connection: self.noteConnection(value)
        case .expect: self.expectation = value.equals(ignoringCase: "100-continue") ? .proceed : .other
        default: break
        }
    }

    private mutating func noteHost(_ value: UnsafeBufferPointer<UInt8>) throws(Fault) {
        guard self.authority == nil else { throw Fault(.repeatedHost) }
        guard isValidAuthority(value) else { throw Fault(.invalidHost) }
        self.authority = String(decoding: value, as: UTF8.self)
    }

    /// Digits only, once only: not even the list of equal numbers that RFC 9112 section 6.3 lets a recipient accept.
    private mutating func noteContentLength(_ value: UnsafeBufferPointer<UInt8>) throws(Fault) {
        guard self.contentLength == nil else { throw Fault(.repeatedContentLength) }
        guard !value.isEmpty, value.allSatisfy({ $0 &- 0x30 < 10 }) else { throw Fault(.invalidContentLength) }
        var length = 0
        for byte in value {
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte &- 0x30))
            guard !overflow, !carry else { throw Fault(.contentLengthOverflow) }
            length = sum
        }
        self.contentLength = length
    }

    private mutating func noteTransferEncoding(_ value: UnsafeBufferPointer<UInt8>) throws(Fault) {
        guard self.coding == .none else { throw Fault(.repeatedTransferEncoding) }
        if value.equals(ignoringCase: "chunked") {
            self.coding = .chunked
        } else {
            throw Fault(Self.faultOfCodings(value))
        }
    }

    /// 501 for another coding below a final `chunked`, 400 where the end of the content could not be told.
    private static func faultOfCodings(_ value: UnsafeBufferPointer<UInt8>) -> HTTP1Error.Kind {
        var chunkedCount = 0
        var endsChunked = false
        value.forEachListMember { member in
            endsChunked = member.equals(ignoringCase: "chunked")
            if endsChunked { chunkedCount += 1 }
            return true
        }
        let endsWithComma = value.last == 0x2C || value.first == 0x2C
        return endsChunked && chunkedCount == 1 && !endsWithComma
            ? .unsupportedTransferCoding : .invalidTransferEncoding
    }

    private mutating func noteConnection(_ value: UnsafeBufferPointer<UInt8>) {
        value.forEachListMember { member in
            if member.equals(ignoringCase: "close") { self.close = true }
            if member.equals(ignoringCase: "keep-alive") { self.keepAlive = true }
            return true
        }
    }

    /// Whether the sender means the connection to stay open (RFC 9112 section 9.3).
    func persists(in version: HTTPVersion) -> Bool {
        !self.close && (version >= .http11 || self.keepAlive)
    }

    /// The framing the fields declare, before method and status have their say; nil without a declaration.
    func declaredFraming(_ version: HTTPVersion, limits: HTTP1Limits) throws(Fault) -> HTTP1BodyFraming? {
        if self.coding == .chunked {
            guard self.contentLength == nil else { throw Fault(.contentLengthWithTransferEncoding) }
            guard version >= .http11 else { throw Fault(.transferEncodingInHTTP10) }
            return .chunked
        }
        guard let length = self.contentLength else { return nil }
        guard length <= limits.bodyBytesMax else { throw Fault(.contentTooLarge) }
        return length == 0 ? HTTP1BodyFraming.none : .length(length)
    }
}
