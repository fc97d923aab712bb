// Leaves of the scanners. Raw pointers, for they run for every byte of every head.

@usableFromInline
typealias Bytes = UnsafeBufferPointer<UInt8>

/// Whether `count` bytes at both places are the same.
@inlinable
func equalBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int) -> Bool {
    var offset = 0
    while offset + 8 <= count {
        guard loadWord(left + offset) == loadWord(right + offset) else { return false }
        offset += 8
    }
    while offset < count {
        guard left[offset] == right[offset] else { return false }
        offset += 1
    }
    return true
}

/// Eight bytes from any address.
@inlinable
@inline(__always)
func loadWord(_ start: UnsafePointer<UInt8>) -> UInt64 {
    UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
}

/// The small letter of an ASCII capital; other bytes unchanged.
@inlinable
@inline(__always)
func lowerCased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}

/// The number of bytes from `start` that may stand in a field value (RFC 9110 section 5.5): HTAB, SP, visible
/// characters and 0x80 to 0xFF. Stops before the first that may not, at `count` at the latest.
@inlinable
func fieldValuePrefix(_ start: UnsafePointer<UInt8>, count: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var offset = 0
    while true {
        while offset + 8 <= count {
            let word = loadWord(start + offset)
            let controls = (word &- (ones &* 0x20)) & ~word
            let deleted = word ^ (ones &* 0x7F)
            let deletes = (deleted &- ones) & ~deleted
            guard (controls | deletes) & tops == 0 else { break }
            offset += 8
        }
        // Here are the last few bytes, or a word with a control character in it, which a tab may be.
        let stop = min(offset + 8, count)
        while offset < stop {
            let byte = start[offset]
            guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else { return offset }
            offset += 1
        }
        if offset == count { return count }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are those of `text`.
    @inlinable
    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        self.count == text.utf8CodeUnitCount
            && (self.isEmpty || equalBytes(self.baseAddress!, text.utf8Start, count: self.count))
    }

    /// Whether the bytes are those of `text`, which is lower case, with capitals in the bytes taken as small letters.
    @inlinable
    func equals(ignoringCase text: StaticString) -> Bool {
        guard self.count == text.utf8CodeUnitCount else { return false }
        let expected = text.utf8Start
        for index in 0..<self.count where lowerCased(self[index]) != expected[index] { return false }
        return true
    }

    /// The bytes without spaces and tabs at both ends.
    @inlinable
    func trimmingWhitespace() -> UnsafeBufferPointer<UInt8> {
        var lower = 0
        var upper = self.count
        while lower < upper, self[lower] == 0x20 || self[lower] == 0x09 { lower += 1 }
        while lower < upper, self[upper - 1] == 0x20 || self[upper - 1] == 0x09 { upper -= 1 }
        return UnsafeBufferPointer(rebasing: self[lower..<upper])
    }

    /// Calls `body` with each member of a comma-separated list, trimmed; empty members are passed over
    /// (RFC 9110 section 5.6.1). Knows no quoted strings. Stops when `body` returns false.
    @inlinable
    func forEachListMember(_ body: (UnsafeBufferPointer<UInt8>) -> Bool) {
        var start = 0
        while start <= self.count {
            let end = self[start...].firstIndex(of: 0x2C) ?? self.count
            let member = UnsafeBufferPointer(rebasing: self[start..<end]).trimmingWhitespace()
            if !member.isEmpty, !body(member) { return }
            start = end + 1
        }
    }
}

extension [UInt8] {
    /// Appends the bytes of a literal.
    @inlinable
    mutating func append(_ text: StaticString) {
        self.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a number in decimal digits.
    @inlinable
    mutating func append(decimal number: Int) {
        if number < 0 { self.append(0x2D) }
        self.append(decimal: number.magnitude)
    }

    @usableFromInline
    mutating func append(decimal magnitude: UInt) {
        if magnitude >= 10 { self.append(decimal: magnitude / 10) }
        self.append(UInt8(truncatingIfNeeded: magnitude % 10) + 0x30)
    }
}

/// The value of a hexadecimal digit of either case; nil for every other byte.
@inlinable
@inline(__always)
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    let digit = byte &- 0x30
    if digit < 10 { return digit }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : nil
}
