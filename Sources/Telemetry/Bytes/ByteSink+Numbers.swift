extension ByteSink {
    private static let pairs: StaticString = """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """

    /// Decimal digits of a number from 0.
    mutating func append(decimal value: UInt64) {
        if value < 10 { return self.append(0x30 &+ UInt8(truncatingIfNeeded: value)) }
        let length = Self.decimalLength(value)
        self.reserve(length)
        let pairs = Self.pairs.utf8Start
        var rest = value
        var end = self.base + (self.count + length)
        while rest >= 100 {
            let pair = Int(rest % 100) * 2
            rest /= 100
            end -= 2
            end[0] = pairs[pair]
            end[1] = pairs[pair + 1]
        }
        if rest >= 10 {
            end -= 2
            end[0] = pairs[Int(rest) * 2]
            end[1] = pairs[Int(rest) * 2 + 1]
        } else {
            end -= 1
            end[0] = 0x30 &+ UInt8(truncatingIfNeeded: rest)
        }
        self.advance(length)
    }

    mutating func append(decimal value: Int) {
        if value < 0 { self.append(0x2d) }
        self.append(decimal: UInt64(value.magnitude))
    }

    /// Exactly `digits` decimal digits, zeros in front.
    @inline(__always)
    mutating func append(decimal value: UInt64, digits: Int) {
        self.reserve(digits)
        var rest = value
        var place = digits
        while place > 0 {
            place &-= 1
            self.base[self.count + place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        self.advance(digits)
    }

    /// The shortest text that reads back as the same finite number; a whole one has no fraction.
    mutating func append(finite value: Double) {
        // Whole numbers are the common case, and cheaper written as such.
        if value.magnitude < 1e15, value == value.rounded(.towardZero), value.sign == .plus || value != 0 {
            self.append(decimal: Int(value))
        } else {
            self.append(text: value.description)
        }
    }

    private static func decimalLength(_ value: UInt64) -> Int {
        var length = 1
        var bound: UInt64 = 10
        while value >= bound {
            length &+= 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { return length }
            bound = next
        }
        return length
    }
}
