/// A key and its value in one call. Keys are trusted ASCII, as in `key(_:)`.
extension JSONWriter {
    /// Writes `"key":"value"`.
    public mutating func field(_ key: StaticString, _ value: String) {
        value.borrowUTF8 { self.field(key, quoting: $0) }
    }

    /// Writes `"key":"value"`, or `"key":null`.
    public mutating func field(_ key: StaticString, _ value: String?) {
        if let value {
            self.field(key, value)
        } else {
            self.key(key)
            self.null()
        }
    }

    /// Writes `"key":"text"` for text given as bytes; see `value(utf8:)`.
    public mutating func field(_ key: StaticString, utf8 text: UnsafeBufferPointer<UInt8>) {
        if UTF8Scan.isValid(text) {
            self.field(key, quoting: text)
        } else {
            self.field(key, String(decoding: text, as: UTF8.self))
        }
    }

    /// Writes `"key":value`.
    public mutating func field(_ key: StaticString, _ value: Int) {
        self.scalarField(key, reserving: DecimalDigits.bytesMax) { $0.putInteger(value) }
    }

    /// Writes `"key":value`; see `value(_: UInt64)`.
    public mutating func field(_ key: StaticString, _ value: UInt64) {
        self.scalarField(key, reserving: DecimalDigits.bytesMax) { $0.putDigits(value) }
    }

    /// Writes `"key":true` or `"key":false`.
    public mutating func field(_ key: StaticString, _ value: Bool) {
        self.key(key)
        self.value(value)
    }

    /// Writes `"key":value`; see `value(_: Double)`.
    public mutating func field(_ key: StaticString, _ value: Double) {
        self.key(key)
        self.value(value)
    }

    /// Writes `"key":19.99` for 1999; see `decimal(minorUnits:)`.
    public mutating func field(_ key: StaticString, minorUnits: Int) {
        self.scalarField(key, reserving: DecimalDigits.bytesMax + 3) { $0.putHundredths(minorUnits) }
    }

    /// Writes `"key":value` for a value that was parsed or built.
    public mutating func field(_ key: StaticString, _ value: JSONValue) {
        self.key(key)
        self.value(value)
    }

    @inline(__always)
    private mutating func scalarField(
        _ key: StaticString, reserving count: Int,
        _ write: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    ) {
        let comma = self.needsComma
        let keyCount = key.utf8CodeUnitCount
        self.append(reserving: keyCount + JSONWriter.keyOverhead + count) { tail in
            write(tail.putComma(comma).putKey(key.utf8Start, keyCount))
        }
        self.needsComma = true
    }
}
