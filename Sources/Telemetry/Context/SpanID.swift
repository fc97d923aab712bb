/// The 8 bytes that name a span within its trace.
///
/// Source: W3C Trace Context, section 3.2.2.4. All zero is the invalid id.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
    /// The 8 bytes, big-endian.
    public let rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Reads exactly 16 lower-case hexadecimal digits that are not all zero.
    public init?(hex: String) {
        var hex = hex
        let parsed = hex.withUTF8 { bytes -> UInt64? in
            guard bytes.count == 16, let base = bytes.baseAddress else { return nil }
            return Hexadecimal.parse16(base)
        }
        guard let parsed, parsed != 0 else { return nil }
        self.rawValue = parsed
    }

    /// All zero: no span.
    public static let invalid = SpanID(rawValue: 0)

    /// A new random id.
    public static func random() -> SpanID { SpanID(rawValue: IdentifierGenerator.one()) }

    @inlinable
    public var isValid: Bool { self.rawValue != 0 }

    /// 16 lower-case hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            Hexadecimal.write16(self.rawValue, to: base)
            return 16
        }
    }
}
