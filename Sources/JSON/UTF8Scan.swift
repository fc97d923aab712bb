/// Checks bytes for being UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF.
///
/// - SeeAlso: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences"
enum UTF8Scan {
    /// Whether all of `text` is valid.
    static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        self.validPrefix(text) == text.count
    }

    /// Bytes before the first invalid sequence, or all of them.
    static func validPrefix(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        guard let start = text.baseAddress else { return 0 }
        var index = 0
        while index < text.count {
            if index + 8 <= text.count, start.load(index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
                index += 8
                continue
            }
            let length = self.sequenceLength(start + index, left: text.count - index)
            if length == 0 { return index }
            index += length
        }
        return index
    }

    /// Length of the sequence at `start`, from 1 to 4; 0 when it is not valid or does not fit in `left` bytes.
    @inline(__always)
    static func sequenceLength(_ start: UnsafePointer<UInt8>, left: Int) -> Int {
        let lead = start[0]
        if lead < 0x80 { return 1 }
        let length = lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : 2)
        guard lead >= 0xC2, lead <= 0xF4, length <= left, self.secondRange(lead).contains(start[1]) else { return 0 }
        var index = 2
        while index < length {
            if start[index] & 0xC0 != 0x80 { return 0 }
            index += 1
        }
        return length
    }

    /// What may follow `lead`: narrower than any continuation byte where overlong forms, surrogates and the end of the
    /// code space are to be kept out.
    @inline(__always)
    private static func secondRange(_ lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
