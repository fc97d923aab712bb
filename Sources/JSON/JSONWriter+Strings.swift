extension JSONWriter {
    /// Writes a string.
    ///
    /// - Complexity: one pass over its bytes, eight at a time, and one copy when nothing needs escaping.
    public mutating func value(_ string: String) {
        string.borrowUTF8 { self.quoted($0) }
    }

    /// Writes text given as bytes. What is not UTF-8 in it becomes U+FFFD, so that the document stays valid.
    public mutating func value(utf8 text: UnsafeBufferPointer<UInt8>) {
        if UTF8Scan.isValid(text) {
            self.quoted(text)
        } else {
            self.value(String(decoding: text, as: UTF8.self))
        }
    }

    /// Writes `"key":"text"` in one reservation. `text` is valid UTF-8.
    mutating func field(_ key: StaticString, quoting text: UnsafeBufferPointer<UInt8>) {
        let comma = self.needsComma
        let keyCount = key.utf8CodeUnitCount
        var copied = 0
        self.append(reserving: keyCount + text.count + JSONWriter.keyOverhead + 2) { tail in
            tail.putComma(comma).putKey(key.utf8Start, keyCount).putQuoted(text, &copied)
        }
        self.needsComma = true
        if copied < text.count { self.finishEscaping(text, from: copied) }
    }

    /// Writes valid UTF-8 as a string.
    private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        let comma = self.needsComma
        var copied = 0
        self.append(reserving: text.count + 3) { tail in tail.putComma(comma).putQuoted(text, &copied) }
        self.needsComma = true
        if copied < text.count { self.finishEscaping(text, from: copied) }
    }

    /// Goes on at the first byte that needs an escape: runs of clean bytes with an escape between them.
    @inline(never)
    private mutating func finishEscaping(_ text: UnsafeBufferPointer<UInt8>, from first: Int) {
        var position = first
        while position < text.count {
            let rest = UnsafeBufferPointer(rebasing: text[(position + 1)...])
            self.append(reserving: 6 + rest.count) { tail in
                let end = tail.putEscape(text[position])
                let copied = EscapeScan.copyClean(rest, to: end)
                position += 1 + copied
                return end + copied
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// A quote, and text up to the first byte that needs an escape; the closing quote too if none does.
    @inline(__always)
    fileprivate func putQuoted(
        _ text: UnsafeBufferPointer<UInt8>, _ copied: inout Int
    ) -> UnsafeMutablePointer<UInt8> {
        self[0] = UInt8(ascii: "\"")
        copied = EscapeScan.copyClean(text, to: self + 1)
        let end = self + 1 + copied
        guard copied == text.count else { return end }
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
