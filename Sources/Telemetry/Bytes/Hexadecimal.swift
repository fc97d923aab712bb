/// Lower-case hexadecimal, eight digits at a time inside one machine word.
///
/// Trace ids are written and read several times in every request, so this works on words rather than on digits.
enum Hexadecimal {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Reads 8 lower-case digits; nil if any byte is something else.
    @inline(__always)
    static func parse8(_ digits: UnsafePointer<UInt8>) -> UInt64? {
        let text = UInt64(littleEndian: UnsafeRawPointer(digits).loadUnaligned(as: UInt64.self))
        // '0'…'9' are 0x30…0x39, 'a'…'f' are 0x61…0x66: bit 6 tells letters, which start at 9 + 1.
        let nibbles = (text & (0x0f &* self.ones)) &+ 9 &* ((text >> 6) & self.ones)
        // Writing the digits again and comparing refuses upper case and every other byte in one step.
        guard nibbles & (0xf0 &* self.ones) == 0, self.ascii(nibbles) == text else { return nil }
        var value = nibbles.byteSwapped
        value = (value | value >> 4) & 0x00ff_00ff_00ff_00ff
        value = (value | value >> 8) & 0x0000_ffff_0000_ffff
        return (value | value >> 16) & 0xffff_ffff
    }

    /// Reads 16 lower-case digits; nil if any byte is something else.
    @inline(__always)
    static func parse16(_ digits: UnsafePointer<UInt8>) -> UInt64? {
        guard let high = self.parse8(digits), let low = self.parse8(digits + 8) else { return nil }
        return high << 32 | low
    }

    /// Reads 2 lower-case digits; nil if any byte is something else.
    @inline(__always)
    static func parse2(_ digits: UnsafePointer<UInt8>) -> UInt8? {
        guard let high = self.digit(digits[0]), let low = self.digit(digits[1]) else { return nil }
        return high << 4 | low
    }

    /// Writes 16 digits.
    @inline(__always)
    static func write16(_ value: UInt64, to digits: UnsafeMutablePointer<UInt8>) {
        let raw = UnsafeMutableRawPointer(digits)
        raw.storeBytes(of: self.digits8(value >> 32).littleEndian, as: UInt64.self)
        (raw + 8).storeBytes(of: self.digits8(value & 0xffff_ffff).littleEndian, as: UInt64.self)
    }

    /// Writes 2 digits.
    @inline(__always)
    static func write2(_ value: UInt8, to digits: UnsafeMutablePointer<UInt8>) {
        digits[0] = self.character(value >> 4)
        digits[1] = self.character(value & 0xf)
    }

    @inline(__always)
    static func character(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    @inline(__always)
    private static func ascii(_ nibbles: UInt64) -> UInt64 {
        let letters = ((nibbles &+ 6 &* self.ones) >> 4) & self.ones
        return nibbles &+ 0x30 &* self.ones &+ 39 &* letters
    }

    @inline(__always)
    private static func digits8(_ value: UInt64) -> UInt64 {
        var spread = (value | value << 16) & 0x0000_ffff_0000_ffff
        spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff
        spread = (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0f
        return self.ascii(spread).byteSwapped
    }
}
