/// The bytes with which a client begins HTTP/2 (RFC 9113, section 3.4).
public enum HTTP2Preface {
    public enum Match: Sendable, Hashable {
        case yes, no
        /// Too few bytes to tell.
        case undecided
    }

    public static let text: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// Whether a connection that began with `bytes` speaks HTTP/2.
    public static func match(_ bytes: UnsafeRawBufferPointer) -> Match {
        let count = min(bytes.count, self.text.utf8CodeUnitCount)
        for index in 0..<count where unsafe bytes[index] != self.text.utf8Start[index] { return .no }
        return count == self.text.utf8CodeUnitCount ? .yes : .undecided
    }
}
