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

    /// The same for four words at once.
    @inline(__always)
    private static func mark(_ words: SIMD4<UInt64>) -> SIMD4<UInt64> {
        let ones = SIMD4<UInt64>(repeating: 0x0101_0101_0101_0101)
        let controls = words &- 0x2020_2020_2020_2020
        let quotes = (words ^ 0x2222_2222_2222_2222) &- ones
        let backslashes = (words ^ 0x5C5C_5C5C_5C5C_5C5C) &- ones
        return (controls | quotes | backslashes) & ~words & 0x8080_8080_8080_8080
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
            let marks = self.mark(start.load(index, as: UInt64.self))
            if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, !self.isDirty(start[index]) { index += 1 }
        return index
    }

    /// Copies `bytes` to `target` up to the first byte that cannot stay as it is, or to the end.
    ///
    /// Looking and copying share one pass, a word at a time. The last word may overlap the one before it, so that no
    /// byte is left to be looked at alone.
    ///
    /// - Returns: how many bytes are in place. More may have been written after them, never past `bytes.count`.
    @inline(__always)
    static func copyClean(_ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        let count = bytes.count
        guard count >= 8 else { return self.copyFewClean(start, count, to: target) }
        let last = count - 8
        var index = 0
        while index + 32 <= count {
            let block = start.load(index, as: SIMD4<UInt64>.self)
            target.store(block, index)
            let marks = self.mark(block)
            if marks[0] | marks[1] | marks[2] | marks[3] != 0 { break }
            index += 32
        }
        if index == count { return count }
        index = min(index, last)
        while true {
            let word = start.load(index, as: UInt64.self)
            target.store(word, index)
            let marks = self.mark(word)
            if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
            if index == last { return count }
            index = min(index + 8, last)
        }
    }

    @inline(__always)
    private static func copyFewClean(
        _ start: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var index = 0
        while index < count {
            let byte = start[index]
            if self.isDirty(byte) { return index }
            target[index] = byte
            index += 1
        }
        return count
    }
}
