extension JSONWriter {
    /// Writes a string.
    ///
    /// - Complexity: one pass over its bytes, eight at a time, and one copy when nothing needs escaping.
    public mutating func value(_ string: String) {
        var string = string
        string.withUTF8 { self.quoted($0) }
    }

    /// Writes text given as bytes. What is not UTF-8 in it becomes U+FFFD, so that the document stays valid.
    public mutating func value(utf8 text: UnsafeBufferPointer<UInt8>) {
        if UTF8Scan.isValid(text) {
            self.quoted(text)
        } else {
            self.value(String(decoding: text, as: UTF8.self))
        }
    }

    /// Writes `"name":"value"`: a key and a string in one reservation.
    mutating func field(_ key: StaticString, utf8 text: UnsafeBufferPointer<UInt8>) {
        let keyCount = key.utf8CodeUnitCount
        let clean = EscapeScan.cleanPrefix(text)
        guard clean == text.count else {
            self.key(key)
            self.escaped(text, clean: clean)
            return
        }
        let comma = self.needsComma
        self.append(reserving: keyCount + clean + JSONWriter.keyOverhead + 2) { tail in
            tail.putComma(comma).putKey(key.utf8Start, keyCount).putQuoted(text)
        }
        self.needsComma = true
    }

    /// Writes valid UTF-8 as a string.
    @inline(__always)
    private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        let clean = EscapeScan.cleanPrefix(text)
        guard clean == text.count else { return self.escaped(text, clean: clean) }
        let comma = self.needsComma
        self.append(reserving: clean + 3) { tail in tail.putComma(comma).putQuoted(text) }
        self.needsComma = true
    }

    /// The slow half of `quoted`: runs of clean bytes with an escape between them.
    @inline(never)
    private mutating func escaped(_ text: UnsafeBufferPointer<UInt8>, clean: Int) {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.bytes.append(UInt8(ascii: "\""))
        var rest = text
        var clean = clean
        while true {
            self.bytes.append(contentsOf: rest.prefix(clean))
            guard clean < rest.count else { break }
            self.append(reserving: 6) { $0.putEscape(rest[clean]) }
            rest = UnsafeBufferPointer(rebasing: rest[(clean + 1)...])
            clean = EscapeScan.cleanPrefix(rest)
        }
        self.bytes.append(UInt8(ascii: "\""))
        self.needsComma = true
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// Text without anything to escape, between quotes.
    @inline(__always)
    fileprivate func putQuoted(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        self[0] = UInt8(ascii: "\"")
        var end = self + 1
        if let start = text.baseAddress { end = end.putBytes(start, text.count) }
        end[0] = UInt8(ascii: "\"")
        return end + 1
    }

    /// The escape of one byte: two characters where RFC 8259 §7 has a short form, `\u00XX` otherwise.
    fileprivate func putEscape(_ byte: UInt8) -> UnsafeMutablePointer<UInt8> {
        self[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self[1] = byte
        case 0x08: self[1] = UInt8(ascii: "b")
        case 0x09: self[1] = UInt8(ascii: "t")
        case 0x0A: self[1] = UInt8(ascii: "n")
        case 0x0C: self[1] = UInt8(ascii: "f")
        case 0x0D: self[1] = UInt8(ascii: "r")
        default:
            self[1] = UInt8(ascii: "u")
            self[2] = UInt8(ascii: "0")
            self[3] = UInt8(ascii: "0")
            self[4] = UInt8(ascii: "0") + byte >> 4
            let low = byte & 0x0F
            self[5] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + (low - 10)
            return self + 6
        }
        return self + 2
    }
}
