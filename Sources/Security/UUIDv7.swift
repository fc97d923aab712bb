/// A UUID (RFC 9562): 128 bits, written in lower case.
///
/// New ones are of version 7: they begin with the time in milliseconds, and each one made by a process is greater than
/// those before it, so that rows stored by them stay in the order they came.
public struct UUIDv7: Hashable, Sendable {
    /// The first eight bytes: for version 7 the time, the version and twelve random bits.
    let high: UInt64
    /// The last eight bytes: the variant and 62 random bits.
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new one, greater than all that this process has made.
    ///
    /// - Complexity: one short lock; no system call but the clock. Safe on any thread.
    public init() {
        self = UUIDv7Generator.shared.next()
    }

    /// When it was made, in milliseconds since the epoch, if it is of version 7.
    public var unixMilliseconds: UInt64 { self.high >> 16 }
}

extension UUIDv7: LosslessStringConvertible {
    /// Reads any UUID in the form `8-4-4-4-12`, of whatever version, in either case; `nil` for any other text.
    public init?(_ description: String) {
        let parsed = unsafe description.utf8.withBytes { text in unsafe UUIDv7(utf8: text) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// The same for text that is held as bytes.
    public init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        guard text.count == Self.textBytes else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for index in 0..<Self.textBytes {
            let byte = unsafe text[index]
            if Self.isHyphen(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let value = Hexadecimal.value(byte) else { return nil }
            if digits < 16 {
                halves.0 = halves.0 << 4 | UInt64(value)
            } else {
                halves.1 = halves.1 << 4 | UInt64(value)
            }
            digits += 1
        }
        self.init(high: halves.0, low: halves.1)
    }

    public var description: String {
        unsafe String(unsafeUninitializedCapacity: Self.textBytes) { buffer in
            var shift = 60
            for index in 0..<Self.textBytes {
                if Self.isHyphen(index) {
                    unsafe buffer[index] = UInt8(ascii: "-")
                    continue
                }
                let half = index < 18 ? self.high : self.low
                unsafe buffer[index] = Hexadecimal.digit(UInt8(truncatingIfNeeded: half >> UInt64(shift)) & 0x0F)
                shift = shift == 0 ? 60 : shift - 4
            }
            return Self.textBytes
        }
    }

    /// Characters of the text form.
    public static let textBytes = 36

    @inline(__always)
    private static func isHyphen(_ index: Int) -> Bool { index == 8 || index == 13 || index == 18 || index == 23 }
}

extension UUIDv7: Comparable {
    public static func < (left: UUIDv7, right: UUIDv7) -> Bool { (left.high, left.low) < (right.high, right.low) }
}
