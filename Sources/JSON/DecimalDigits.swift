/// Writes integers in base ten.
enum DecimalDigits {
    /// The most bytes an integer of 64 bits takes: a sign and 20 digits.
    static let bytesMax = 21

    /// How many digits `value` has, from 1 to 20.
    @inline(__always)
    static func count(_ value: UInt64) -> Int {
        var rest = value
        var digits = 1
        while rest >= 10_000 {
            rest /= 10_000
            digits += 4
        }
        return digits + (rest >= 10 ? 1 : 0) + (rest >= 100 ? 1 : 0) + (rest >= 1_000 ? 1 : 0)
    }

    /// "00", "01", … "99": one division gives two digits. A literal, because it needs no initialiser to run.
    static var pairs: UnsafePointer<UInt8> {
        let text: StaticString = """
            0001020304050607080910111213141516171819\
            2021222324252627282930313233343536373839\
            4041424344454647484950515253545556575859\
            6061626364656667686970717273747576777879\
            8081828384858687888990919293949596979899
            """
        return text.utf8Start
    }
}

extension UnsafeMutablePointer<UInt8> {
    @inline(__always)
    func putDigits(_ value: UInt64) -> UnsafeMutablePointer<UInt8> {
        let end = self + DecimalDigits.count(value)
        var rest = value
        var position = end
        while rest >= 100 {
            position -= 2
            position.putPair(rest % 100)
            rest /= 100
        }
        if rest >= 10 {
            self.putPair(rest)
        } else {
            self[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
        }
        return end
    }

    @inline(__always)
    func putInteger(_ value: Int) -> UnsafeMutablePointer<UInt8> {
        self.putSign(value).putDigits(UInt64(value.magnitude))
    }

    /// Hundredths as a number with two decimals: 1999 is `19.99`.
    @inline(__always)
    func putHundredths(_ value: Int) -> UnsafeMutablePointer<UInt8> {
        let magnitude = UInt64(value.magnitude)
        let point = self.putSign(value).putDigits(magnitude / 100)
        point[0] = UInt8(ascii: ".")
        (point + 1).putPair(magnitude % 100)
        return point + 3
    }

    @inline(__always)
    private func putSign(_ value: Int) -> UnsafeMutablePointer<UInt8> {
        self[0] = UInt8(ascii: "-")
        return self + (value < 0 ? 1 : 0)
    }

    /// Two digits.
    @inline(__always)
    private func putPair(_ value: UInt64) {
        let pair = DecimalDigits.pairs + 2 * Int(truncatingIfNeeded: value)
        self[0] = pair[0]
        self[1] = pair[1]
    }
}
