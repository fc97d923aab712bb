extension JSONWriter {
    /// Writes an integer.
    public mutating func value(_ integer: Int) {
        self.scalar(reserving: DecimalDigits.bytesMax) { $0.putInteger(integer) }
    }

    /// Writes an unsigned integer. Readers that keep numbers as doubles lose digits above 2⁵³: give those a string.
    public mutating func value(_ integer: UInt64) {
        self.scalar(reserving: DecimalDigits.bytesMax) { $0.putDigits(integer) }
    }

    /// Writes `true` or `false`.
    public mutating func value(_ flag: Bool) {
        self.raw(flag ? "true" : "false")
    }

    /// Writes a number in the fewest digits that read back as the same one; `null` for infinities and NaN, which JSON
    /// has no notation for. Whole numbers carry no fraction: `3`.
    public mutating func value(_ number: Double) {
        if let whole = Int(exactly: number), whole.magnitude < 1 << 53, whole != 0 || number.sign == .plus {
            self.value(whole)
        } else if number.isFinite {
            number.description.borrowUTF8 { digits in self.raw(bytes: digits) }
        } else {
            self.null()
        }
    }

    /// Writes an amount of money: hundredths in, exactly two decimals out, never through a floating-point number.
    ///
    /// - Parameter minorUnits: 1999 is written as `19.99`, -5 as `-0.05`.
    public mutating func decimal(minorUnits: Int) {
        self.scalar(reserving: DecimalDigits.bytesMax + 3) { $0.putHundredths(minorUnits) }
    }

    /// Writes `null`.
    public mutating func null() {
        self.raw("null")
    }

    /// Writes JSON that is already rendered: one value, or members and elements with the commas between them.
    public mutating func raw(_ text: StaticString) {
        self.raw(bytes: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes JSON that is already rendered: one value, or members and elements with the commas between them. Nothing
    /// is written, not even a comma, when it is empty.
    public mutating func raw(bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        self.scalar(reserving: bytes.count) { $0.putBytes(start, bytes.count) }
    }

    /// Writes JSON that is already rendered; see `raw(bytes:)`.
    public mutating func raw(bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { self.raw(bytes: $0) }
    }

    @inline(__always)
    private mutating func scalar(
        reserving count: Int, _ write: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    ) {
        let comma = self.needsComma
        self.append(reserving: count + 1) { tail in write(tail.putComma(comma)) }
        self.needsComma = true
    }
}
