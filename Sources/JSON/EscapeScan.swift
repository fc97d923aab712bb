/// Finds the bytes that a JSON string cannot hold as they are: controls below U+0020, the quote and the backslash.
enum EscapeScan {
    /// Non-zero when one of the eight bytes of `word` must be escaped; the lowest set bit then belongs to the first.
    ///
    /// Borrows of the subtractions only travel towards later bytes, so bits above the first one can be wrong and the
    /// first one cannot.
    @inline(__always)
    static func mark(_ word: UInt64) -> UInt64 {
        let controls = word &- 0x2020_2020_2020_2020
        let quotes = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
        let backslashes = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
        return (controls | quotes | backslashes) & ~word & 0x8080_8080_8080_8080
    }

    /// Whether `byte` must be escaped.
    @inline(__always)
    static func isDirty(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Bytes from the start of `bytes` that can be copied as they are, to the first that cannot or to the end.
    static func cleanPrefix(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        var index = 0
        while index + 8 <= bytes.count {
            let marks = self.mark(start.load64(index))
            if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, !self.isDirty(start[index]) { index += 1 }
        return index
    }
}
