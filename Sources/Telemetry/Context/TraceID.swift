/// The 16 bytes that name a trace.
///
/// Source: W3C Trace Context, section 3.2.2.3. All zero is the invalid id.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    /// The first 8 bytes, big-endian.
    public let high: UInt64
    /// The last 8 bytes, big-endian; the part the ratio sampler reads.
    public let low: UInt64

    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads exactly 32 lower-case hexadecimal digits that are not all zero.
    public init?(hex: String) {
        var hex = hex
        let parsed = hex.withUTF8 { bytes -> TraceID? in
            guard bytes.count == 32, let base = bytes.baseAddress else { return nil }
            return TraceID(digits: base)
        }
        guard let parsed, parsed.isValid else { return nil }
        self = parsed
    }

    @inline(__always)
    init?(digits: UnsafePointer<UInt8>) {
        guard let high = Hexadecimal.parse16(digits), let low = Hexadecimal.parse16(digits + 16) else { return nil }
        self.init(high: high, low: low)
    }

    /// All zero: no trace.
    public static let invalid = TraceID(high: 0, low: 0)

    /// A new id whose every bit is random, so the level 2 random flag may be set.
    public static func random() -> TraceID {
        let (high, low) = IdentifierGenerator.pair()
        return TraceID(high: high, low: low)
    }

    @inlinable
    public var isValid: Bool { self.high | self.low != 0 }

    /// 32 lower-case hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            self.writeDigits(to: base)
            return 32
        }
    }

    @inline(__always)
    func writeDigits(to digits: UnsafeMutablePointer<UInt8>) {
        Hexadecimal.write16(self.high, to: digits)
        Hexadecimal.write16(self.low, to: digits + 16)
    }
}
