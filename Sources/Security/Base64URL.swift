/// Base64 for tokens: the URL alphabet, no padding (RFC 7515, section 2).
public enum Base64URL {
    /// The text of `bytes`.
    public static func text(_ bytes: [UInt8]) -> String {
        unsafe String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { buffer in
            var written = 0
            for index in stride(from: 0, to: bytes.count, by: 3) {
                let left = min(3, bytes.count - index)
                var group = UInt32(bytes[index]) << 16
                if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
                if left > 2 { group |= UInt32(bytes[index + 2]) }
                for letter in 0...left {
                    unsafe buffer[written] = self.alphabet[Int(group >> UInt32(18 - 6 * letter) & 63)]
                    written += 1
                }
            }
            return written
        }
    }

    /// The bytes of `text`; `nil` unless `text` is exactly what `text(_:)` writes for them.
    ///
    /// No padding, white space or other alphabet, no letter that stands for nothing, and no stray bits in the last one:
    /// otherwise one token could be spelled in several ways.
    public static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        unsafe text.withBytes { unsafe self.decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var group: UInt32 = 0
        var bits = 0
        // By index: the formatter does not know `for unsafe`.
        for index in 0..<text.count {
            let value = self.values[Int(unsafe text[index])]
            guard value < 64 else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        guard group & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each letter; 255 for bytes that are none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in Self.alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()
}
